package mqttsn.forwarder.net;

import java.util.Locale;
import mqttsn.daemon.net.EnumCounts;
import mqttsn.forwarder.core.Drop;

/**
 * What happened since the start. The event loop counts, any thread may read.
 *
 * @param drops datagrams that went no further, by reason
 */
public record Counters(EnumCounts<Traffic> traffic, EnumCounts<Drop> drops) {

  /** What is counted besides drops. */
  public enum Traffic {
    FROM_NODES,
    TO_NODES,
    FROM_GATEWAYS,
    TO_GATEWAYS,
    /** Messages broadcast to nodes; each may be several datagrams. */
    BROADCASTS,
    /** Times that another gateway, or none, came into use. */
    GATEWAY_CHANGES,
    /** Not sent: the kernel or the serial line takes no more and too much is waiting already. */
    UNSENT,
    /** Not sent: no socket speaks the protocol of the address, or there is no serial line. */
    NO_WAY_OUT,
    /** The kernel refused to send or receive a datagram. */
    SOCKET_ERRORS,
    /** A fault of the forwarder itself, in one input; it goes on with the next. */
    FAULTS;

    /** The name in lower-kebab case. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public Counters() {
    this(new EnumCounts<>(Traffic.class), new EnumCounts<>(Drop.class));
  }
}
