package mqttsn.gateway.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * An application whose session and subscription survive the broker's restart: mosquitto_sub, which
 * connects again by itself.
 */
final class Listener implements AutoCloseable {

  private final Process process;
  private final Set<String> payloads = ConcurrentHashMap.newKeySet();
  private final CountDownLatch subscribed = new CountDownLatch(1);

  Listener(int brokerPort) throws IOException {
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
                "1",
                "-p",
                Integer.toString(brokerPort),
                "-t",
                "load/#",
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

  Set<String> payloads() {
    return payloads;
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("payload ")) {
          payloads.add(line.substring("payload ".length()));
        } else if (line.contains("SUBACK") || line.startsWith("Subscribed")) {
          subscribed.countDown();
        }
      }
    } catch (IOException e) {
      payloads.add("(cannot be read: " + e.getMessage() + ")");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
