package mqttsn.gateway.broker.quic;

/** What {@link PathPolicy} wants done, in this order, after the call returned. */
sealed interface PathAction {

  /** Send through a new socket on {@code to}; the old one still receives for a while. */
  record ExchangeSocket(Uplink to) implements PathAction {}

  /**
   * Send the last short-header datagrams again: one that the broker has not seen shows it the new
   * path.
   */
  record Replay() implements PathAction {}

  /** Send an MQTT PINGREQ, so that the broker has something to answer. */
  record Ping() implements PathAction {}

  /**
   * Try a handshake on a socket of its own, to learn whether the broker can be reached that way.
   */
  record Probe(Uplink on) implements PathAction {}

  /** The handshake cannot survive the change of path: begin it again. */
  record RestartHandshake() implements PathAction {}

  /**
   * End the connection: the broker answers others, not us. The MQTT session is resumed on a new
   * one.
   */
  record GiveUp() implements PathAction {}

  /** Tell the log and the counters. */
  record Report(PathEvent event) implements PathAction {}
}
