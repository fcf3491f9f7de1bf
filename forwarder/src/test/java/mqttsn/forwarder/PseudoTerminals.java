package mqttsn.forwarder;

import static org.awaitility.Awaitility.await;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A serial cable made of two pseudo-terminals, by {@code socat}: ours, and the coordinator's. */
final class PseudoTerminals {

  private final Path ours;
  private final Path coordinators;
  private Process socat;

  PseudoTerminals(Path directory) throws IOException {
    ours = directory.resolve("ttyOURS");
    coordinators = directory.resolve("ttyCOORDINATOR");
    socat = plugIn();
  }

  /** The device that the forwarder opens. */
  Path device() {
    return ours;
  }

  FileInputStream input() throws IOException {
    return new FileInputStream(coordinators.toFile());
  }

  FileOutputStream output() throws IOException {
    return new FileOutputStream(coordinators.toFile());
  }

  /** Both devices vanish, as when the adapter is pulled. */
  void pull() throws InterruptedException {
    socat.destroy();
    boolean unused = socat.waitFor(5, TimeUnit.SECONDS);
    await().until(() -> !Files.exists(ours));
  }

  void putBack() throws IOException {
    socat = plugIn();
  }

  private Process plugIn() throws IOException {
    Process process =
        new ProcessBuilder(
                "socat", "PTY,raw,echo=0,link=" + ours, "PTY,raw,echo=0,link=" + coordinators)
            .redirectErrorStream(true)
            .start();
    await().until(() -> Files.exists(ours) && Files.exists(coordinators));
    return process;
  }

  void close() throws InterruptedException {
    socat.destroy();
    boolean unused = socat.waitFor(5, TimeUnit.SECONDS);
  }
}
