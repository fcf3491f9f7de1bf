package mqttsn.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.client.ClientException;
import mqttsn.gateway.client.ClientSettings;
import mqttsn.gateway.client.MqttSnClient;

/**
 * Clients that publish numbered messages, one after the other, until they are told to stop, and
 * remember what was acknowledged. One that is refused or disconnected connects again, as a sensor
 * does.
 */
final class Publishers implements AutoCloseable {

  /** Quick enough for a test; a sensor waits ten seconds. */
  private static final Duration T_RETRY = Duration.ofMillis(500);

  private static final int N_RETRY = 40;

  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private final InetSocketAddress gateway;
  private final Qos qos;
  private final AtomicInteger refused = new AtomicInteger();
  private volatile boolean stopping;

  /** So many clients that publish with QoS 1. */
  Publishers(InetSocketAddress gateway, int clients) {
    this(gateway, Qos.ONE, IntStream.range(0, clients).mapToObj(i -> "load-" + i).toList());
  }

  Publishers(InetSocketAddress gateway, Qos qos, Collection<String> clientIds) {
    this.gateway = gateway;
    this.qos = qos;
    for (String clientId : clientIds) {
      counts.put(clientId, 0);
      Thread thread = new Thread(() -> publish(clientId), clientId);
      threads.add(thread);
      thread.start();
    }
  }

  /** The payloads that clients got an acknowledgement for: "ClientId:number". */
  Set<String> acknowledged() {
    return Set.copyOf(acknowledged);
  }

  /** Waits until each client got so many more acknowledgements. */
  void awaitMore(int acknowledgements, Duration patience) {
    Map<String, Integer> before = Map.copyOf(counts);
    await()
        .atMost(patience)
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(
            () ->
                assertThat(before)
                    .as("clients and what they had acknowledged")
                    .allSatisfy(
                        (clientId, count) ->
                            assertThat(counts.get(clientId))
                                .isGreaterThanOrEqualTo(count + acknowledgements)));
  }

  /** Waits until a client got congestion once more. */
  void awaitRefused(Duration patience) {
    int before = refused.get();
    await().atMost(patience).until(() -> refused.get() > before);
  }

  /** Ends the load; every client finishes what it has under way. */
  void stop() throws InterruptedException {
    stopping = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Everything that was acknowledged arrives, as {@link #assertOrder} says. */
  void assertArrival(Arrivals arrivals) {
    arrivals.awaitAll(acknowledged());
    assertOrder(arrivals);
  }

  /** What arrived of a client is in order, and with QoS 2 nothing arrived twice. */
  void assertOrder(Arrivals arrivals) {
    arrivals.assertOrder(counts.keySet());
    if (qos == Qos.TWO) {
      arrivals.assertOnce(counts.keySet());
    }
  }

  @Override
  public void close() {
    stopping = true;
  }

  private void publish(String clientId) {
    ClientSettings settings = new ClientSettings(clientId, T_RETRY, N_RETRY);
    int number = 0;
    try (MqttSnClient client = MqttSnClient.open(settings, gateway)) {
      boolean connected = false;
      while (!stopping) {
        try {
          if (!connected) {
            client.connect(false, Duration.ofMinutes(1));
            connected = true;
          }
          String payload = clientId + ":" + number++;
          client.publish("load/" + clientId, qos, false, Octets.utf8(payload));
          acknowledged.add(payload);
          counts.merge(clientId, 1, Integer::sum);
        } catch (ClientException e) {
          if (e.returnCode() == ReturnCode.CONGESTION) {
            refused.incrementAndGet();
          }
          connected = connected && e.returnCode() != null;
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
