package mqttsn.gateway.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import mqttsn.gateway.config.BrokerSettings;
import mqttsn.gateway.config.BrokerUrl;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerConnect.Attempts;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLink;
import org.jspecify.annotations.Nullable;

/** Broker links on virtual brokers, in virtual time; checks that the core is never re-entered. */
final class VirtualLinks {

  final VirtualBroker broker = new VirtualBroker();
  private final Map<BrokerLink, Deque<BrokerEvent>> events = new HashMap<>();
  private final BrokerLinks links;
  private boolean isCalling;

  VirtualLinks(BrokerSettings settings) {
    this(settings, BrokerSecrets.NONE);
  }

  VirtualLinks(BrokerSettings settings, BrokerSecrets secrets) {
    Map<BrokerUrl.Scheme, BrokerTransport> transports =
        Arrays.stream(BrokerUrl.Scheme.values())
            .collect(Collectors.toMap(Function.identity(), scheme -> broker));
    links =
        new BrokerLinks(
            broker.loop(),
            settings,
            secrets,
            transports,
            new SplittableRandom(1),
            (link, event) -> {
              assertThat(isCalling).as("told from within a call").isFalse();
              events.computeIfAbsent(link, any -> new ArrayDeque<>()).add(event);
            });
  }

  /** Does something with the links, as the core would: it must not be re-entered. */
  void call(Consumer<BrokerLinks> action) {
    isCalling = true;
    action.accept(links);
    isCalling = false;
    broker.settle();
  }

  void open(BrokerLink link, BrokerConnect connect) {
    call(links -> links.open(link, connect));
  }

  /** Opens a link and accepts it. */
  VirtualBroker.Connection connected(BrokerLink link) {
    open(link, connect("client", Attempts.ONE_ROUND));
    VirtualBroker.Connection connection = broker.call().accept();
    connection.welcome();
    next(link, BrokerEvent.Connected.class);
    return connection;
  }

  <E extends BrokerEvent> E next(BrokerLink link, Class<E> type) {
    BrokerEvent event = next(link);
    if (!type.isInstance(event)) {
      throw new AssertionError("expected " + type.getSimpleName() + ", heard " + event);
    }
    return type.cast(event);
  }

  @Nullable BrokerEvent next(BrokerLink link) {
    broker.settle();
    return events.computeIfAbsent(link, any -> new ArrayDeque<>()).poll();
  }

  BrokerStatus status() {
    return links.status();
  }

  static BrokerConnect connect(String clientId, Attempts attempts) {
    return new BrokerConnect(clientId, true, false, 30, 100, null, 30, attempts);
  }
}
