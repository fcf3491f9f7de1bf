package mqttsn.daemon.net;

import java.io.IOException;

/** A socket cannot be bound. The message is one line for the operator. */
public final class BindFailure extends IOException {

  private static final long serialVersionUID = 1;

  BindFailure(String socket, Throwable cause) {
    super("cannot listen on UDP " + socket + ": " + reason(cause), cause);
  }

  /** The system's own words, without the name of the system call. */
  public static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    if (message == null) {
      return cause.getClass().getSimpleName();
    }
    // Somebody may wait for the letters of "ready": they stand in that line only.
    return message
        .replaceFirst("^.*failed with error\\(-?[0-9]+\\): ", "")
        .replace("Address already in use", "Address in use");
  }
}
