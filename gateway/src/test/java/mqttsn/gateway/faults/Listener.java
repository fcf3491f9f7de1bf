package mqttsn.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mqttsn.codec.Qos;

/**
 * An application whose session and subscription survive the broker's restart: mosquitto_sub, which
 * connects again by itself. It says what is wrong with what arrived.
 */
final class Listener implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final List<String> payloads = new ArrayList<>();
  private final CountDownLatch subscribed = new CountDownLatch(1);

  Listener(int brokerPort) throws IOException {
    this(brokerPort, Qos.ONE);
  }

  Listener(int brokerPort, Qos qos) throws IOException {
    process =
        new ProcessBuilder(
                "stdbuf",
                "-oL",
                "mosquitto_sub",
                "-d",
                "-c",
                "-i",
                "listener",
                "-q",
                Integer.toString(qos.level()),
                "-p",
                Integer.toString(brokerPort),
                "-t",
                "load/#",
                "-t",
                "ld",
                "-F",
                "payload %p")
            .redirectErrorStream(true)
            .start();
    Thread reader = new Thread(this::read, "listener");
    reader.setDaemon(true);
    reader.start();
  }

  Listener awaitSubscription() throws InterruptedException {
    if (!subscribed.await(10, TimeUnit.SECONDS)) {
      throw new AssertionError("mosquitto_sub does not get its subscription");
    }
    return this;
  }

  /** Waits until all of these have arrived. */
  void awaitAll(Set<String> acknowledged) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              Set<String> missing = new TreeSet<>(acknowledged);
              missing.removeAll(new HashSet<>(arrived()));
              assertThat(missing.stream().limit(10))
                  .as("%s acknowledged messages, missing at the application", missing.size())
                  .isEmpty();
            });
  }

  /**
   * The messages of these clients arrived in the order of their numbers, apart from repetitions.
   */
  void assertOrder(Set<String> clientIds) {
    Map<String, Integer> last = new HashMap<>();
    for (String payload : new LinkedHashSet<>(arrived())) {
      if (clientIds.contains(clientOf(payload))) {
        int number = Integer.parseInt(payload.substring(payload.indexOf(':') + 1));
        Integer before = last.put(clientOf(payload), number);
        assertThat(number)
            .as("the number of %s", payload)
            .isGreaterThan(before == null ? -1 : before);
      }
    }
  }

  /** No message of these clients arrived twice. */
  void assertOnce(Set<String> clientIds) {
    List<String> theirs =
        arrived().stream().filter(payload -> clientIds.contains(clientOf(payload))).toList();
    assertThat(theirs).as("messages that arrive once").doesNotHaveDuplicates();
  }

  /** How many messages have arrived. */
  int count() {
    synchronized (payloads) {
      return payloads.size();
    }
  }

  private List<String> arrived() {
    synchronized (payloads) {
      return List.copyOf(payloads);
    }
  }

  private static String clientOf(String payload) {
    return payload.substring(0, Math.max(0, payload.indexOf(':')));
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("payload ")) {
          add(line.substring("payload ".length()));
        } else if (line.contains("SUBACK") || line.startsWith("Subscribed")) {
          subscribed.countDown();
        }
      }
    } catch (IOException e) {
      add("(cannot be read: " + e.getMessage() + ")");
    }
  }

  private void add(String payload) {
    synchronized (payloads) {
      payloads.add(payload);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
