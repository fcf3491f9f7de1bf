package mqttsn.gateway.client;

/** Why a request got no answer. */
public enum Failure {
  NO_ANSWER("no answer from the gateway"),
  DISCONNECTED("the gateway disconnected this client"),
  NOT_CONNECTED("not connected"),
  UNREACHABLE("nothing listens there (port unreachable)"),
  TOO_MANY("too many requests wait for an answer"),
  CLOSED("the client is closed");

  private final String text;

  Failure(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
