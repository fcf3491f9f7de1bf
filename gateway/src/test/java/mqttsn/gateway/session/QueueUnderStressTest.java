package mqttsn.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import mqttsn.codec.PubAck;
import mqttsn.codec.PubComp;
import mqttsn.codec.PubRec;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.ToClient;
import mqttsn.codec.text.MessageText;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Clients that publish, a broker that comes and goes, a disk that takes its time, and a gateway
 * that is killed: by chance, but the same for a seed.
 *
 * <p>What a client got an acknowledgement for arrives; with QoS 2 once; in the client's order; and
 * nothing stays in the queue.
 */
class QueueUnderStressTest {

  private static final int CLIENTS = 4;
  private static final int STEPS = 3_000;
  private static final long MILLI = 1_000_000;

  /** A client with one publish under way at a time, sent again until it is answered. */
  private static final class Client {
    final ClientAddress address;
    final String name;
    int published;
    Qos qos = Qos.ONE;
    int msgId;
    boolean isUnderWay;
    boolean isReleased;
    long sentAt;
    final List<String> acknowledged = new ArrayList<>();

    Client(String name) {
      this.name = name;
      this.address = Addresses.of(name);
    }

    String payload() {
      return name + qos.level() + ":" + published;
    }
  }

  private final TestSettings settings =
      new TestSettings()
          .with("connections", "1")
          .with("queue-messages", "100000")
          .with("survive", "true")
          .with("drain-rate", "500");
  private final List<Client> clients = new ArrayList<>();
  private final ModelQueueDisk disk = new ModelQueueDisk();
  private final Map<String, SessionRecord> records = new LinkedHashMap<>();
  private final Deque<BrokerCommand> toBroker = new ArrayDeque<>();
  private final Deque<BrokerEvent> fromBroker = new ArrayDeque<>();

  /** QoS 2 messages that the broker has and nobody released. */
  private final Map<Integer, String> held = new LinkedHashMap<>();

  private final List<String> arrived = new ArrayList<>();
  private Random dice = new Random(0);
  private boolean brokerTakesConnections;
  private boolean isConnected;
  private boolean isOpening;
  private boolean hasSession;
  private long now = 1_000_000 * Time.SECOND;
  private @Nullable Gateway gateway;

  @ParameterizedTest
  @CsvSource({
    "first, 1",
    "first, 2",
    "first, 3",
    "first, 4",
    "disk, 1",
    "disk, 2",
    "disk, 3",
    "disk, 4",
    "broker, 1",
    "broker, 2",
    "broker, 3",
    "broker, 4"
  })
  void losesNothingThatIsAcknowledged(String ack, int seed) {
    dice = new Random(seed);
    settings.with("queue-ack", ack);
    start();
    for (int i = 0; i < CLIENTS; i++) {
      Client client = new Client(String.valueOf((char) ('a' + i)));
      clients.add(client);
      from(client, "CONNECT clientId=" + client.name + " duration=0");
    }
    recordSessions();
    for (int step = 0; step < STEPS; step++) {
      step();
    }
    comeToRest();

    assertThat(core().queue(now).messages()).as("messages left").isZero();
    assertThat(disk.numbers()).as("left on the disk").isEmpty();
    for (Client client : clients) {
      assertThat(client.acknowledged).as("of %s", client.name).hasSizeGreaterThan(20);
      assertThat(arrived).containsAll(client.acknowledged);
      assertThat(ofClient(client, Qos.TWO)).as("QoS 2 of " + client.name).doesNotHaveDuplicates();
      for (Qos qos : List.of(Qos.ONE, Qos.TWO)) {
        assertThat(new LinkedHashSet<>(ofClient(client, qos)).stream().map(this::numberOf))
            .as("order of %s with %s", client.name, qos)
            .isSorted();
      }
    }
  }

  private List<String> ofClient(Client client, Qos qos) {
    String start = client.name + qos.level() + ":";
    return arrived.stream().filter(payload -> payload.startsWith(start)).toList();
  }

  private int numberOf(String payload) {
    return Integer.parseInt(payload.substring(payload.indexOf(':') + 1));
  }

  // --- what happens

  private void step() {
    int what = dice.nextInt(1_000);
    if (what < 300) {
      publish(clients.get(dice.nextInt(CLIENTS)));
    } else if (what < 500) {
      disk();
    } else if (what < 800) {
      broker();
    } else if (what < 970) {
      passTime((1 + dice.nextInt(80)) * MILLI);
    } else if (what < 980) {
      brokerTakesConnections = !brokerTakesConnections;
    } else if (what < 990) {
      loseConnection();
    } else if (what < 995) {
      crash();
    } else {
      recordSessions();
    }
  }

  private void comeToRest() {
    brokerTakesConnections = true;
    for (int i = 0; i < 20_000; i++) {
      for (Client client : clients) {
        if (client.isUnderWay) {
          publish(client);
        }
      }
      disk();
      broker();
      passTime(10 * MILLI);
    }
  }

  /** A new publish, or the one under way again. */
  private void publish(Client client) {
    if (!client.isUnderWay) {
      client.published++;
      client.msgId = client.msgId % 50 + 1;
      client.qos = dice.nextBoolean() ? Qos.ONE : Qos.TWO;
      client.isUnderWay = true;
      client.isReleased = false;
      send(client, false);
    } else if (now - client.sentAt > 2 * Time.SECOND) {
      send(client, true);
    }
  }

  private void send(Client client, boolean dup) {
    client.sentAt = now;
    if (client.isReleased) {
      from(client, "PUBREL msgId=" + client.msgId);
    } else {
      from(
          client,
          "PUBLISH qos="
              + client.qos.level()
              + (dup ? " dup" : "")
              + " topic=short:aa msgId="
              + client.msgId
              + " data=\""
              + client.payload()
              + '"');
    }
  }

  private void toClient(Client client, ToClient message) {
    if (message instanceof PubAck ack && client.isUnderWay && ack.msgId() == client.msgId) {
      if (ack.returnCode() == ReturnCode.ACCEPTED && client.qos == Qos.ONE) {
        client.acknowledged.add(client.payload());
        client.isUnderWay = false;
      }
    } else if (message instanceof PubRec rec && rec.msgId() == client.msgId && !client.isReleased) {
      client.isReleased = true;
      client.acknowledged.add(client.payload());
      send(client, false);
    } else if (message instanceof PubComp comp
        && comp.msgId() == client.msgId
        && client.isReleased) {
      client.isUnderWay = false;
    }
  }

  /** The disk takes one thing, surely. */
  private void disk() {
    if (disk.given() > 0) {
      perform(core().fromQueue(disk.work(1, true, now), now));
    }
  }

  /** The broker takes one packet, and one of its packets arrives. */
  private void broker() {
    if (!isConnected && brokerTakesConnections && isOpening) {
      isConnected = true;
      isOpening = false;
      BrokerLimits limits = new BrokerLimits(5, 8, Qos.TWO, true, 100_000);
      event(new BrokerEvent.Connected(hasSession, limits));
      hasSession = true;
    }
    BrokerCommand command = toBroker.poll();
    if (command instanceof BrokerCommand.Publish publish) {
      String payload = publish.payload().toUtf8String();
      if (publish.qos() == Qos.ONE) {
        arrived.add(payload);
        fromBroker.add(new BrokerEvent.PubAck(publish.packetIdentifier(), ReturnCode.ACCEPTED));
      } else {
        held.putIfAbsent(publish.packetIdentifier(), payload);
        fromBroker.add(new BrokerEvent.PubRec(publish.packetIdentifier(), ReturnCode.ACCEPTED));
      }
    } else if (command instanceof BrokerCommand.PubRel pubRel) {
      String payload = held.remove(pubRel.packetIdentifier());
      if (payload != null) {
        arrived.add(payload);
      }
      fromBroker.add(new BrokerEvent.PubComp(pubRel.packetIdentifier()));
    }
    BrokerEvent event = fromBroker.poll();
    if (event != null) {
      event(event);
    }
  }

  private void event(BrokerEvent event) {
    perform(core().fromBroker(BrokerLink.GATEWAY, event, now));
  }

  private void loseConnection() {
    toBroker.clear();
    fromBroker.clear();
    if (isConnected) {
      isConnected = false;
      event(new BrokerEvent.Lost("by chance"));
    }
  }

  /** The process dies, and the next one finds what was synced. */
  private void crash() {
    disk.forgetGiven();
    toBroker.clear();
    fromBroker.clear();
    isConnected = false;
    isOpening = false;
    start();
  }

  private void start() {
    Gateway next = new Gateway(settings.build(), now);
    gateway = next;
    next.restoreQueue(disk.summaries(now), disk.lastNumber(), now);
    perform(next.restore(List.copyOf(records.values()), 0, now));
    perform(next.start(now));
  }

  private void recordSessions() {
    core()
        .takeChanged(Integer.MAX_VALUE, now)
        .forEach((clientId, session) -> session.ifPresent(s -> records.put(clientId, s)));
  }

  private void passTime(long nanos) {
    long end = now + nanos;
    while (core().deadline() <= end) {
      now = Math.max(now, core().deadline());
      perform(core().timeout(now));
    }
    now = end;
  }

  private void from(Client client, String message) {
    perform(core().fromClient(client.address, MessageText.parse(message), now));
  }

  private void perform(List<Action> actions) {
    for (Action action : actions) {
      if (action instanceof Action.Persist persist) {
        records.put(persist.session().clientId(), persist.session());
      } else if (ModelQueueDisk.isFor(action)) {
        disk.give(action);
      } else if (action instanceof Action.OpenLink open) {
        isOpening = true;
        hasSession &= !open.connect().cleanStart();
      } else if (action instanceof Action.Command command && isConnected) {
        toBroker.add(command.command());
      } else if (action instanceof Action.Send send) {
        clients.stream()
            .filter(client -> client.address.equals(send.address()))
            .forEach(client -> toClient(client, send.message()));
      }
    }
  }

  private Gateway core() {
    if (gateway == null) {
      throw new AssertionError("not started");
    }
    return gateway;
  }
}
