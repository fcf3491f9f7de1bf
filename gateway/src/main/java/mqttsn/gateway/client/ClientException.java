package mqttsn.gateway.client;

import mqttsn.codec.MessageType;
import mqttsn.codec.ReturnCode;
import org.jspecify.annotations.Nullable;

/** A request that failed. The message is one line for the person who made it. */
public final class ClientException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final @Nullable ReturnCode returnCode;
  private final @Nullable Failure failure;

  ClientException(MessageType request, ReturnCode returnCode) {
    super(request + " rejected: " + text(returnCode));
    this.returnCode = returnCode;
    this.failure = null;
  }

  ClientException(MessageType request, Failure failure) {
    super(request + ": " + failure);
    this.returnCode = null;
    this.failure = failure;
  }

  ClientException(Failure failure) {
    super(failure.toString());
    this.returnCode = null;
    this.failure = failure;
  }

  ClientException(String fault) {
    super(fault);
    this.returnCode = null;
    this.failure = null;
  }

  /** What the gateway answered, null if it did not. */
  public @Nullable ReturnCode returnCode() {
    return returnCode;
  }

  /** Why there was no answer, null if there was one. */
  public @Nullable Failure failure() {
    return failure;
  }

  static String text(ReturnCode returnCode) {
    return switch (returnCode) {
      case ACCEPTED -> "accepted";
      case CONGESTION -> "congestion";
      case INVALID_TOPIC_ID -> "invalid topic id";
      case NOT_SUPPORTED -> "not supported";
    };
  }
}
