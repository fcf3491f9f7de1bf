package mqttsn.gateway.broker;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import mqttsn.daemon.net.LatencyHistogram;
import mqttsn.gateway.config.BrokerSettings;
import mqttsn.gateway.config.BrokerUrl;
import mqttsn.gateway.session.Action.Farewell;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLink;
import org.jspecify.annotations.Nullable;

/**
 * All links to the broker: the broker half of the core's actions.
 *
 * <p>Belongs to one event loop, on which every method is called, and on which the listener hears of
 * events: never from within a call, so that the core is not re-entered.
 */
public final class BrokerLinks {

  /** Hears what happens to the links. */
  public interface Listener {
    void happened(BrokerLink link, BrokerEvent event);
  }

  private final Listener listener;
  private final Shell shell;
  private final Connects connects;
  private final LongObjectMap<Link> links = new LongObjectHashMap<>();
  private @Nullable Promise<Void> idle;

  BrokerLinks(
      EventLoop loop,
      BrokerSettings settings,
      BrokerSecrets secrets,
      Map<BrokerUrl.Scheme, BrokerTransport> transports,
      RandomGenerator jitter,
      Listener listener) {
    this.listener = listener;
    this.shell = new Shell(loop, settings, secrets, new FlushOnce(loop), new Counters());
    this.connects = new Connects(shell, transports, jitter);
    Homeward.begin(shell, connects, () -> List.copyOf(links.values()));
  }

  /**
   * Reads the files that the settings name, which blocks: not in the event loop.
   *
   * @param others transports for other schemes than mqtt, mqtts, ws and wss
   * @throws IOException with one line for the operator if a file cannot be used
   */
  public static BrokerLinks create(
      IoEventLoop loop,
      BrokerSettings settings,
      Map<BrokerUrl.Scheme, BrokerTransport> others,
      Listener listener)
      throws IOException {
    BrokerSecrets secrets = BrokerSecrets.read(settings);
    TcpTransport tcp = new TcpTransport(loop, secrets.tls());
    Map<BrokerUrl.Scheme, BrokerTransport> transports = new EnumMap<>(BrokerUrl.Scheme.class);
    transports.put(BrokerUrl.Scheme.MQTT, tcp);
    transports.put(BrokerUrl.Scheme.MQTTS, tcp);
    transports.put(BrokerUrl.Scheme.WS, tcp);
    transports.put(BrokerUrl.Scheme.WSS, tcp);
    transports.putAll(others);
    for (BrokerUrl url : settings.urls()) {
      if (!transports.containsKey(url.scheme())) {
        throw new IOException("broker.urls: " + url + " needs a transport that is not there");
      }
    }
    return new BrokerLinks(loop, settings, secrets, transports, new SplittableRandom(), listener);
  }

  /**
   * Tries the files that the settings name; blocks.
   *
   * @throws IOException with one line that names the key, the file and what is wrong with it
   */
  public static void check(BrokerSettings settings) throws IOException {
    BrokerSecrets.check(settings);
  }

  /**
   * Opens a link that is not open. The listener hears {@link BrokerEvent.Connected} or {@link
   * BrokerEvent.Refused}.
   */
  public void open(BrokerLink name, BrokerConnect connect) {
    Link link = links.get(name.number());
    if (link == null) {
      link = new Link(name, this, connects, shell);
      links.put(name.number(), link);
    }
    link.open(connect);
  }

  /** Sends a packet; on a link that is not open it is dropped and counted. */
  public void send(BrokerLink name, BrokerCommand command) {
    Link link = links.get(name.number());
    if (link == null) {
      shell.counters().unsendable++;
    } else {
      link.send(command);
    }
  }

  /** Closes a link, if it is not closed; the listener hears nothing more of it. */
  public void close(BrokerLink name, Farewell farewell) {
    Link link = links.get(name.number());
    if (link != null) {
      link.close(farewell);
    }
  }

  /** Completes when no link is open and the broker has seen the end of all, or had its second. */
  public Future<Void> idle() {
    Promise<Void> whenIdle = idle;
    if (whenIdle == null) {
      whenIdle = shell.loop().newPromise();
      idle = whenIdle;
      List.copyOf(links.values()).forEach(Link::endRest);
      tellIfIdle();
    }
    return whenIdle;
  }

  public BrokerStatus status() {
    int open = 0;
    int wanted = 0;
    for (Link link : links.values()) {
      open += link.isOpen() ? 1 : 0;
      wanted += link.isConnecting() ? 1 : 0;
    }
    Link own = links.get(BrokerLink.GATEWAY.number());
    int connecting = connects.attempts();
    return new BrokerStatus(
        own == null ? null : own.status(),
        connects.urls(),
        open,
        connecting,
        wanted - connecting,
        shell.counters().snapshot());
  }

  /** From a PUBLISH with QoS 1 to the broker's PUBACK; to be read from any thread. */
  public LatencyHistogram roundTrip() {
    return shell.counters().roundTrip;
  }

  void tell(BrokerLink name, BrokerEvent event) {
    listener.happened(name, event);
  }

  void forget(BrokerLink name) {
    links.remove(name.number());
    tellIfIdle();
  }

  private void tellIfIdle() {
    Promise<Void> whenIdle = idle;
    if (whenIdle != null && links.isEmpty()) {
      idle = null;
      whenIdle.setSuccess(null);
    }
  }
}
