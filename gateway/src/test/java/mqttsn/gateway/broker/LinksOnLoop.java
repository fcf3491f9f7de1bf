package mqttsn.gateway.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.gateway.broker.quic.MqttOverQuic;
import mqttsn.gateway.config.BrokerSettings;
import mqttsn.gateway.config.BrokerUrl.Scheme;
import mqttsn.gateway.session.Action.Farewell;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerConnect.Attempts;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLink;

/** Broker links on an event loop of their own, for a test in another thread. */
final class LinksOnLoop implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  private final IoEventLoop loop = group.next();
  private final Map<BrokerLink, BlockingQueue<BrokerEvent>> events = new ConcurrentHashMap<>();
  private final BrokerLinks links;

  LinksOnLoop(BrokerSettings settings) throws IOException {
    boolean quic = settings.urls().stream().anyMatch(url -> url.scheme() == Scheme.MQTT_QUIC);
    Map<Scheme, BrokerTransport> others =
        quic ? Map.of(Scheme.MQTT_QUIC, MqttOverQuic.create(loop, settings)) : Map.of();
    links = BrokerLinks.create(loop, settings, others, (link, event) -> queue(link).add(event));
  }

  void open(BrokerLink link, BrokerConnect connect) {
    onLoop(
        () -> {
          links.open(link, connect);
          return true;
        });
  }

  BrokerEvent.Connected connect(BrokerLink link, BrokerConnect connect) {
    open(link, connect);
    return next(link, BrokerEvent.Connected.class);
  }

  void send(BrokerLink link, BrokerCommand... commands) {
    onLoop(
        () -> {
          for (BrokerCommand command : commands) {
            links.send(link, command);
          }
          return true;
        });
  }

  void close(BrokerLink link, Farewell farewell) {
    onLoop(
        () -> {
          links.close(link, farewell);
          return true;
        });
  }

  BrokerStatus status() {
    return onLoop(links::status);
  }

  /** The next event of a link, which must be of this type. */
  <E extends BrokerEvent> E next(BrokerLink link, Class<E> type) {
    try {
      BrokerEvent event = queue(link).poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      assertThat(event).isInstanceOf(type);
      return type.cast(event);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  int waitingEvents(BrokerLink link) {
    return queue(link).size();
  }

  /** Closes all links, so that no broker meets a half-open connection of an earlier test. */
  @Override
  public void close() {
    events.keySet().forEach(link -> close(link, Farewell.END_SESSION));
    onLoop(links::idle).syncUninterruptibly();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private BlockingQueue<BrokerEvent> queue(BrokerLink link) {
    return events.computeIfAbsent(link, any -> new LinkedBlockingQueue<>());
  }

  private <T> T onLoop(Callable<T> call) {
    return loop.submit(call).syncUninterruptibly().getNow();
  }

  static BrokerConnect transientSession(String clientId) {
    return new BrokerConnect(clientId, true, false, 30, 100, null, 30, Attempts.ONE_ROUND);
  }

  static BrokerConnect persistentSession(String clientId) {
    return new BrokerConnect(clientId, false, true, 3600, 100, null, 30, Attempts.ONE_ROUND);
  }

  static BrokerCommand.Publish publish(int packetIdentifier, String topic, String text, Qos qos) {
    return new BrokerCommand.Publish(
        packetIdentifier, topic, Octets.utf8(text), qos, false, false, null);
  }

  static BrokerCommand.Subscribe subscribe(int packetIdentifier, String filter, Qos qos) {
    return new BrokerCommand.Subscribe(packetIdentifier, filter, qos, 7, true);
  }
}
