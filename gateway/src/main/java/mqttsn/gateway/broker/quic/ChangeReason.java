package mqttsn.gateway.broker.quic;

/** Why the path to a broker was changed. */
public enum ChangeReason {
  /** The kernel, or the list of interfaces, now leads to the broker another way. */
  ROUTE_CHANGED("route changed"),
  /** There was no way to the broker at all, and now there is one. */
  ROUTE_RETURNED("route returned"),
  /** The kernel refused to send. */
  SEND_FAILED("send failed"),
  /** Something was sent and nothing at all came back. */
  NO_ANSWER("no answer"),
  /** A better interface, which had failed, completes handshakes again. */
  PREFERRED_WORKS("preferred interface works again");

  private final String words;

  ChangeReason(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
