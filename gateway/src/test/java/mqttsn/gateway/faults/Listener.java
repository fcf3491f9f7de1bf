package mqttsn.gateway.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mqttsn.codec.Qos;

/**
 * An application whose session and subscription survive the broker's restart: mosquitto_sub, which
 * connects again by itself.
 */
final class Listener implements AutoCloseable {

  private final Process process;
  private final Arrivals arrivals = new Arrivals();
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

  /** What it got. */
  Arrivals arrivals() {
    return arrivals;
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("payload ")) {
          arrivals.add(line.substring("payload ".length()));
        } else if (line.contains("SUBACK") || line.startsWith("Subscribed")) {
          subscribed.countDown();
        }
      }
    } catch (IOException e) {
      arrivals.add("(cannot be read: " + e.getMessage() + ")");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
