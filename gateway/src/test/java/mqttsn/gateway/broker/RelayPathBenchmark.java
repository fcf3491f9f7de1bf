package mqttsn.gateway.broker;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.sun.management.OperatingSystemMXBean;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.gateway.config.MqttVersion;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLink;
import mqttsn.gateway.testing.MosquittoBroker;

/**
 * What a QoS 1 publish costs in CPU time of this process, and an idle connection in heap: an MQTT
 * client library against {@link BrokerLinks}, beside a Mosquitto on the same machine.
 *
 * <p>Arguments: {@code hivemq|links cpu WINDOW} or {@code hivemq|links heap CONNECTIONS}, each in a
 * JVM of its own. The numbers it gave stand in docs/decisions.
 */
final class RelayPathBenchmark {

  private static final int WARM_UP = 100_000;
  private static final int MEASURED = 100_000;
  private static final String TOPIC = "site/7/sensor/42/temperature";
  private static final String PAYLOAD = "x".repeat(50);

  private RelayPathBenchmark() {}

  /** Publishes QoS 1 messages, at most a window of them unacknowledged, and waits for the last. */
  private interface Publisher {
    void publish(int count) throws Exception;
  }

  public static void main(String[] arguments) throws Exception {
    boolean hivemq = arguments[0].equals("hivemq");
    int number = Integer.parseInt(arguments[2]);
    Path directory = Files.createTempDirectory("benchmark");
    try (MosquittoBroker broker =
        MosquittoBroker.start(directory, "max_inflight_messages 1000", "log_type error")) {
      if (arguments[1].equals("cpu")) {
        cpu(hivemq ? hivemq(broker.port(), number) : links(broker.url(), number), number);
      } else {
        heap(hivemq, broker, number);
      }
    }
    System.exit(0);
  }

  private static void cpu(Publisher publisher, int window) throws Exception {
    publisher.publish(WARM_UP);
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    for (int round = 0; round < 5; round++) {
      long cpu = system.getProcessCpuTime();
      long begin = System.nanoTime();
      publisher.publish(MEASURED);
      long cpuNanos = (system.getProcessCpuTime() - cpu) / MEASURED;
      long wallNanos = (System.nanoTime() - begin) / MEASURED;
      System.out.printf(
          "window %d: %.1f us CPU, %.1f us wall a message%n",
          window, cpuNanos / 1e3, wallNanos / 1e3);
    }
  }

  private static Publisher hivemq(int port, int window) {
    Mqtt5AsyncClient client = hivemqClient(port, "benchmark");
    client.connectWith().restrictions().sendMaximum(1_000).applyRestrictions().send().join();
    Mqtt5Publish publish =
        Mqtt5Publish.builder()
            .topic(TOPIC)
            .payload(PAYLOAD.getBytes(StandardCharsets.UTF_8))
            .qos(MqttQos.AT_LEAST_ONCE)
            .build();
    Semaphore free = new Semaphore(window);
    return count -> {
      for (int i = 0; i < count; i++) {
        free.acquire();
        var unused = client.publish(publish).whenComplete((result, failure) -> free.release());
      }
      free.acquire(window);
      free.release(window);
    };
  }

  private static Mqtt5AsyncClient hivemqClient(int port, String clientId) {
    return MqttClient.builder()
        .useMqttVersion5()
        .serverHost("127.0.0.1")
        .serverPort(port)
        .identifier(clientId)
        .buildAsync();
  }

  private static Publisher links(String url, int window) throws Exception {
    IoEventLoop loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()).next();
    Pump pump = new Pump(loop, url);
    pump.connected.await();
    return count -> {
      CountDownLatch done = new CountDownLatch(1);
      loop.execute(() -> pump.begin(count, window, done));
      done.await();
    };
  }

  /** Plays the core: sends the next publish when an acknowledgement came. */
  private static final class Pump {
    private static final BrokerLink LINK = new BrokerLink(1);

    private final BrokerLinks links;
    private final CountDownLatch connected = new CountDownLatch(1);
    private CountDownLatch done = new CountDownLatch(1);
    private int unsent;
    private int unacknowledged;
    private int packetIdentifier;

    Pump(IoEventLoop loop, String url) throws Exception {
      links =
          BrokerLinks.create(
              loop,
              TestSettings.of(MqttVersion.MQTT_5, url),
              Map.of(),
              (link, event) -> happened(event));
      loop.execute(() -> links.open(LINK, LinksOnLoop.transientSession("benchmark")));
    }

    void begin(int count, int window, CountDownLatch whenDone) {
      done = whenDone;
      unsent = count;
      for (int i = 0; i < window; i++) {
        next();
      }
    }

    private void next() {
      unsent--;
      unacknowledged++;
      packetIdentifier = packetIdentifier % 65_535 + 1;
      links.send(
          LINK,
          new BrokerCommand.Publish(
              packetIdentifier, TOPIC, Octets.utf8(PAYLOAD), Qos.ONE, false, false, null));
    }

    private void happened(BrokerEvent event) {
      if (event instanceof BrokerEvent.Connected) {
        connected.countDown();
      } else if (event instanceof BrokerEvent.PubAck) {
        unacknowledged--;
        if (unsent > 0) {
          next();
        } else if (unacknowledged == 0) {
          done.countDown();
        }
      }
    }
  }

  private static void heap(boolean hivemq, MosquittoBroker broker, int connections)
      throws Exception {
    List<Object> held = new ArrayList<>();
    // The first connections load classes and start threads.
    open(hivemq, broker, 100, "warm", held);
    long before = usedBytes();
    open(hivemq, broker, connections, "measured", held);
    long after = usedBytes();
    System.out.printf(
        "%d connections: %d octets of heap each%n", connections, (after - before) / connections);
    if (held.isEmpty()) {
      throw new IllegalStateException("nothing was measured");
    }
  }

  private static void open(
      boolean hivemq, MosquittoBroker broker, int count, String prefix, List<Object> held)
      throws Exception {
    if (hivemq) {
      for (int i = 0; i < count; i++) {
        Mqtt5AsyncClient client = hivemqClient(broker.port(), prefix + i);
        client.connect().join();
        held.add(client);
      }
      return;
    }
    CountDownLatch connected = new CountDownLatch(count);
    IoEventLoop loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()).next();
    BrokerLinks links =
        BrokerLinks.create(
            loop,
            TestSettings.of(MqttVersion.MQTT_5, broker.url()),
            Map.of(),
            (link, event) -> connected.countDown());
    loop.execute(
        () -> {
          for (int i = 1; i <= count; i++) {
            links.open(new BrokerLink(i), LinksOnLoop.transientSession(prefix + i));
          }
        });
    connected.await();
    held.add(links);
  }

  private static long usedBytes() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 5; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
