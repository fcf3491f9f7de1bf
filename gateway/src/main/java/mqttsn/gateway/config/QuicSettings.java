package mqttsn.gateway.config;

import java.time.Duration;
import java.util.List;
import mqttsn.daemon.config.Between;
import mqttsn.daemon.config.ByteSize;
import mqttsn.daemon.config.Default;
import mqttsn.daemon.config.Range;

/**
 * The section {@code broker.quic}, for {@code mqtt-quic}: connections that survive a change of
 * address.
 *
 * @param handshakeTimeout how long a broker may take to complete the handshake; never longer than
 *     {@code broker.connect-timeout}
 * @param idleTimeout how long a connection may hear nothing before it is lost; the broker has a
 *     value too, and the smaller one holds
 * @param keepAlive an MQTT PINGREQ is sent when nothing was sent for this long; it bounds the time
 *     in which a broker cannot reach us after a NAT forgot or changed our mapping
 * @param congestionControl the algorithm that limits what may be in flight
 * @param sessionResumption whether TLS session tickets are kept, in memory only
 * @param earlyData whether CONNECT may travel in 0-RTT data, which an attacker can replay
 * @param interfaces the network interfaces to use, the preferred one first; empty follows the route
 * @param stallTime how long something sent may stay without any answer before the path is changed,
 *     and without an answer of MQTT before a PINGREQ is sent
 * @param exchanges how many new sockets are tried in a row before a fresh handshake is tried beside
 * @param replayDatagrams how many sent datagrams are kept to be sent again on a new path
 * @param replayBytes how many octets of them are kept
 * @param watchInterval how often the route to the broker is looked at
 * @param returnInterval how often this URL is tried again while links are open at a later one
 */
public record QuicSettings(
    @Default("4s") @Between(min = "100ms", max = "5m") Duration handshakeTimeout,
    @Default("30s") @Between(min = "1s", max = "1h") Duration idleTimeout,
    @Default("15s") @Between(min = "1s", max = "1h") Duration keepAlive,
    @Default("cubic") CongestionControl congestionControl,
    @Default("true") boolean sessionResumption,
    @Default("false") boolean earlyData,
    List<String> interfaces,
    @Default("1500ms") @Between(min = "200ms", max = "1m") Duration stallTime,
    @Default("3") @Range(min = 1, max = 100) int exchanges,
    @Default("16") @Range(min = 0, max = 16) int replayDatagrams,
    @Default("16KiB") @Between(min = "0B", max = "1MiB") ByteSize replayBytes,
    @Default("200ms") @Between(min = "50ms", max = "10s") Duration watchInterval,
    @Default("30s") @Between(min = "1s", max = "1d") Duration returnInterval) {

  /** What Linux allows, without the zero at the end. */
  private static final int MAX_INTERFACE_NAME = 15;

  /** The congestion control algorithms of the QUIC library. */
  public enum CongestionControl {
    CUBIC,
    BBR,
    RENO
  }

  public QuicSettings {
    for (String name : interfaces) {
      if (!name.matches("[!-~&&[^/]]{1," + MAX_INTERFACE_NAME + "}")) {
        throw new IllegalArgumentException(
            "interfaces: '" + name + "': expected the name of a network interface, such as eth0");
      }
    }
  }
}
