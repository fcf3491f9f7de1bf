package mqttsn.forwarder.config;

import java.time.Duration;
import java.util.List;
import mqttsn.daemon.config.Between;
import mqttsn.daemon.config.ByteSize;
import mqttsn.daemon.config.Default;
import mqttsn.daemon.config.Endpoint;
import mqttsn.daemon.config.Range;
import mqttsn.daemon.net.Group;
import mqttsn.daemon.net.InterfaceNames;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code nodes}: where nodes are heard.
 *
 * @param listen up to 16 UDP addresses; {@code [::]} takes IPv4 too; port 0 is any free one; none
 *     for a forwarder of the serial line alone
 * @param groups where SEARCHGW of nodes is heard, and ADVERTISE and GWINFO are broadcast
 * @param interface_ the network interfaces that the groups are joined on
 * @param maxHops TTL or hop limit of a broadcast with radius 0, "the whole network"
 * @param idleExpiry how long a node may be silent before its place is free
 * @param max how many nodes at the same time
 * @param maxDatagram largest datagram from or to a node, in octets; a larger one is cut and thereby
 *     rejected
 * @param receiveBuffer what the kernel may hold for one socket while the forwarder is busy
 * @param serial null for no serial line
 */
public record Nodes(
    @Default("0.0.0.0:1885") List<Endpoint> listen,
    List<Group> groups,
    @Default("auto") InterfaceNames interface_,
    @Default("8") @Range(min = 1, max = 255) int maxHops,
    @Default("1h") @Between(min = "1s", max = "365d") Duration idleExpiry,
    @Default("1000") @Range(min = 1, max = 1_000_000) int max,
    @Default("2048") @Range(min = 64, max = 65_000) int maxDatagram,
    @Default("2MiB") @Between(min = "64KiB", max = "1GiB") ByteSize receiveBuffer,
    @Nullable Serial serial) {

  private static final int MAX_LISTENERS = 16;

  public Nodes {
    if (listen.size() > MAX_LISTENERS) {
      throw new IllegalArgumentException(
          "listen: expected at most " + MAX_LISTENERS + " addresses, found " + listen.size());
    }
    if (listen.isEmpty() && serial == null) {
      throw new IllegalArgumentException("listen: expected an address, or a serial line beside it");
    }
    if (listen.isEmpty() && !groups.isEmpty()) {
      throw new IllegalArgumentException("groups: expected none without an address in listen");
    }
  }
}
