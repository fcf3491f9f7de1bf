package mqttsn.topic;

/** A predefined topics file that cannot be used. The message is one line for the operator. */
public final class PredefinedTopicsException extends Exception {

  private static final long serialVersionUID = 1L;

  PredefinedTopicsException(String message) {
    super(message);
  }
}
