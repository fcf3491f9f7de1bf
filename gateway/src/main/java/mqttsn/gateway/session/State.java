package mqttsn.gateway.session;

/** The state of a client as its gateway sees it (§6.14, Figure 4). */
public enum State {
  /** No connection; {@code CONNECT} leads to {@link #ACTIVE}. */
  DISCONNECTED,
  /**
   * Connected and listening. {@code DISCONNECT} leads to {@link #DISCONNECTED}, with a duration to
   * {@link #ASLEEP}, silence beyond the keep-alive to {@link #LOST}.
   */
  ACTIVE,
  /**
   * Sleeping: everything for the client is buffered. {@code PINGREQ} with its ClientId leads to
   * {@link #AWAKE}, {@code CONNECT} to {@link #ACTIVE}, silence beyond the sleep duration to {@link
   * #LOST}.
   */
  ASLEEP,
  /** Collecting what was buffered; the closing {@code PINGRESP} leads back to {@link #ASLEEP}. */
  AWAKE,
  /** Silent for too long; the will is published. {@code CONNECT} leads to {@link #ACTIVE}. */
  LOST;

  /** Whether messages may be sent to the client without being asked. */
  public boolean listens() {
    return this == ACTIVE || this == AWAKE;
  }

  /** Whether there is a connection, sleeping or not. */
  public boolean isConnected() {
    return this == ACTIVE || this == ASLEEP || this == AWAKE;
  }
}
