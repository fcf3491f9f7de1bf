package mqttsn.gateway.broker.quic;

import java.time.Duration;

/**
 * The path that a connection uses now, for the status page.
 *
 * @param uplink the way out of this machine
 * @param localPort the port of the socket in use; 0 while one is being opened
 * @param resumed whether the connection resumed a TLS session
 * @param changes how often the path has changed since the connection began
 * @param lastGap how long the broker was out of reach at the last change
 */
public record PathStatus(
    Uplink uplink, int localPort, boolean resumed, int changes, Duration lastGap) {

  @Override
  public String toString() {
    return "quic from %s port %d, %d changes, last gap %d ms"
        .formatted(uplink, localPort, changes, lastGap.toMillis());
  }
}
