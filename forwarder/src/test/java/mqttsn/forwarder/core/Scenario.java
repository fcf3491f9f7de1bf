package mqttsn.forwarder.core;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import mqttsn.codec.Octets;
import org.jspecify.annotations.Nullable;

/**
 * Plays a text file to a forwarder. A line that begins with {@code >} is a stimulus; the lines with
 * {@code <} that follow are all that it brings about, in order.
 *
 * <pre>
 * > gateways ADDRESS...         the configured gateways, first line of the file
 * > discover                    or: gateways are to be discovered
 * > limits nodes=2 idle=60s silence=30s groups=no      before either; each has a default
 * > node WHO HEX                a datagram of a node: ADDRESS, or serial, or serial:HEX
 * > gateway ADDRESS HEX         a datagram from the gateways' side
 * > wait 30s                    time passes, timers fire
 * < gateway ADDRESS HEX    < node WHO HEX    < nodes RADIUS HEX    < groups HEX
 * < changed ADDRESS ADDRESS     none stands for no gateway
 * < drop REASON
 * </pre>
 */
final class Scenario {

  private final List<String> played = new ArrayList<>();
  private Forwarder.Limits limits =
      new Forwarder.Limits(1000, Duration.ofHours(1), Duration.ofSeconds(30), true);
  private @Nullable Forwarder forwarder;
  private long now = -5_000_000_000L;

  /** The file as it would have to be, given what the forwarder does. */
  static List<String> play(List<String> lines) {
    Scenario scenario = new Scenario();
    for (String line : lines) {
      if (line.startsWith("> ")) {
        scenario.played.add(line);
        scenario.stimulus(line.substring(2).split(" +", 2));
      } else if (!line.startsWith("< ")) {
        scenario.played.add(line);
      }
    }
    return scenario.played;
  }

  private void stimulus(String[] words) {
    String rest = words.length > 1 ? words[1] : "";
    switch (words[0]) {
      case "limits" -> limits = limits(rest);
      case "gateways" -> {
        if (forwarder == null) {
          forwarder = Forwarder.toConfiguredGateways(limits);
        }
        List<InetSocketAddress> addresses =
            Stream.of(rest.split(" ", -1)).map(Scenario::address).toList();
        print(forwarder().gateways(addresses, now));
      }
      case "discover" -> forwarder = Forwarder.toDiscoveredGateways(limits, now + seconds("2s"));
      case "node" -> {
        String[] parts = rest.split(" +", 2);
        print(forwarder().fromNode(node(parts[0]), hex(parts[1]), now));
      }
      case "gateway" -> {
        String[] parts = rest.split(" +", 2);
        print(forwarder().fromGateway(address(parts[0]), hex(parts[1]), now));
      }
      case "wait" -> pass(seconds(rest));
      default -> throw new IllegalArgumentException("no such stimulus: " + words[0]);
    }
  }

  private Forwarder forwarder() {
    if (forwarder == null) {
      throw new IllegalStateException("a scenario begins with gateways or discover");
    }
    return forwarder;
  }

  private void pass(long nanos) {
    long end = now + nanos;
    while (forwarder().deadline() <= end) {
      now = Math.max(now, forwarder().deadline());
      print(forwarder().timeout(now));
    }
    now = end;
  }

  private void print(List<Action> actions) {
    actions.forEach(action -> played.add("< " + text(action)));
  }

  private static String text(Action action) {
    if (action instanceof Action.ToGateway it) {
      return "gateway " + text(it.gateway()) + " " + text(it.datagram());
    } else if (action instanceof Action.ToNode it) {
      return "node " + text(it.node()) + " " + text(it.datagram());
    } else if (action instanceof Action.ToNodes it) {
      return "nodes " + it.radius() + " " + text(it.datagram());
    } else if (action instanceof Action.ToGateways it) {
      return "groups " + text(it.datagram());
    } else if (action instanceof Action.GatewayChanged it) {
      return "changed " + text(it.from()) + " " + text(it.to());
    }
    return "drop " + ((Drop) action).label();
  }

  private static String text(Datagram datagram) {
    ByteBuf out = Unpooled.buffer(datagram.octets());
    datagram.writeTo(out);
    return spaced(Octets.copyOf(out, 0, out.readableBytes()));
  }

  private static String text(Node node) {
    if (node instanceof Node.Udp udp) {
      return text(udp.address());
    } else if (node instanceof Node.Serial serial) {
      return serial.prefix().isEmpty() ? "serial" : "serial:" + serial.prefix();
    }
    throw new IllegalArgumentException("not reachable without its forwarder: " + node);
  }

  private static String text(@Nullable InetSocketAddress address) {
    if (address == null) {
      return "none";
    }
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  private static String spaced(Octets octets) {
    return octets.toString().replaceAll("(..)(?!$)", "$1 ");
  }

  private static Node.Direct node(String text) {
    if (text.startsWith("serial")) {
      String prefix = text.substring("serial".length());
      return new Node.Serial(prefix.isEmpty() ? Octets.EMPTY : hex(prefix.substring(1)));
    }
    return new Node.Udp(address(text), 0);
  }

  private static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    return new InetSocketAddress(
        text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }

  private static Octets hex(String text) {
    return Octets.hex(text.replace(" ", ""));
  }

  private static Forwarder.Limits limits(String text) {
    int nodes = 1000;
    long idle = seconds("3600s");
    long silence = seconds("30s");
    boolean groups = true;
    for (String part : text.split(" ", -1)) {
      String value = part.substring(part.indexOf('=') + 1);
      switch (part.substring(0, part.indexOf('='))) {
        case "nodes" -> nodes = Integer.parseInt(value);
        case "idle" -> idle = seconds(value);
        case "silence" -> silence = seconds(value);
        case "groups" -> groups = value.equals("yes");
        default -> throw new IllegalArgumentException("no such limit: " + part);
      }
    }
    return new Forwarder.Limits(nodes, Duration.ofNanos(idle), Duration.ofNanos(silence), groups);
  }

  private static long seconds(String text) {
    return Math.round(Double.parseDouble(text.substring(0, text.length() - 1)) * 1e9);
  }
}
