package mqttsn.forwarder.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mqttsn.daemon.config.Between;
import mqttsn.daemon.config.Default;
import mqttsn.daemon.config.Endpoint;
import mqttsn.daemon.net.Group;
import mqttsn.daemon.net.InterfaceNames;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code gateway}: where datagrams of nodes go. Gateways are named, or found.
 *
 * @param address the gateway; if gateways are not to be found, it is 127.0.0.1:1884 by default
 * @param fallbacks gateways to move to, in this order, when the one in use falls silent
 * @param discover groups where gateways speak (§6.1); none if they are named
 * @param interface_ the network interfaces that those groups are joined on
 * @param source where datagrams to the gateway leave; with a fixed port the gateway knows this
 *     forwarder, and its nodes, over a restart
 * @param silence how long a gateway may be silent, though asked, before the next one is tried
 * @param tSearchGw the longest random delay before the first SEARCHGW (T_SEARCHGW, §7.2)
 */
public record Gateways(
    @Nullable Endpoint address,
    List<Endpoint> fallbacks,
    List<Group> discover,
    @Default("auto") InterfaceNames interface_,
    @Default("[::]:0") Endpoint source,
    @Default("30s") @Between(min = "3s", max = "1d") Duration silence,
    @Default("5s") @Between(min = "0s", max = "1h") Duration tSearchGw) {

  private static final Endpoint DEFAULT = new Endpoint("127.0.0.1", 1884);
  private static final int MAX_FALLBACKS = 15;

  public Gateways {
    if (!discover.isEmpty() && (address != null || !fallbacks.isEmpty())) {
      throw new IllegalArgumentException("expected either an address or discover, found both");
    }
    if (fallbacks.size() > MAX_FALLBACKS) {
      throw new IllegalArgumentException(
          "fallbacks: expected at most " + MAX_FALLBACKS + " addresses, found " + fallbacks.size());
    }
  }

  /** The gateways that are named, the preferred one first; none if they are to be found. */
  public List<Endpoint> named() {
    if (!discover.isEmpty()) {
      return List.of();
    }
    List<Endpoint> named = new ArrayList<>();
    named.add(address == null ? DEFAULT : address);
    named.addAll(fallbacks);
    return named;
  }
}
