package mqttsn.gateway.config;

import java.util.HashSet;
import java.util.List;
import mqttsn.daemon.config.Between;
import mqttsn.daemon.config.ByteSize;
import mqttsn.daemon.config.Default;
import mqttsn.daemon.config.Endpoint;
import mqttsn.daemon.config.Range;

/**
 * The section {@code sensors}: where clients are heard, over UDP.
 *
 * @param listen one to 16 addresses; {@code [::]} takes IPv4 too; port 0 is any free one
 * @param maxDatagram largest datagram from or to a client, in octets; a larger one is cut and
 *     thereby rejected
 * @param receiveBuffer what the kernel may hold for one socket while the gateway is busy; the
 *     kernel gives at most net.core.rmem_max
 */
public record Sensors(
    @Default("[::]:1884") List<Endpoint> listen,
    @Default("2048") @Range(min = 64, max = 65_507) int maxDatagram,
    @Default("2MiB") @Between(min = "64KiB", max = "1GiB") ByteSize receiveBuffer) {

  private static final int MAX_LISTENERS = 16;

  public Sensors {
    if (listen.isEmpty() || listen.size() > MAX_LISTENERS) {
      throw new IllegalArgumentException(
          "listen: expected 1 to " + MAX_LISTENERS + " addresses, found " + listen.size());
    }
    List<Endpoint> fixed = listen.stream().filter(endpoint -> endpoint.port() != 0).toList();
    if (new HashSet<>(fixed).size() < fixed.size()) {
      throw new IllegalArgumentException("listen: expected each address once");
    }
  }
}
