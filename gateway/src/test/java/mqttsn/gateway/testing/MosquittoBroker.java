package mqttsn.gateway.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Mosquitto process of the test's own, on a free port of 127.0.0.1.
 *
 * <p>It keeps its port, its log and its persistent state over {@link #restart()}. For tests tagged
 * "machine": it needs {@code /usr/sbin/mosquitto}.
 */
public final class MosquittoBroker implements AutoCloseable {

  private static final String PROGRAM = "/usr/sbin/mosquitto";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final int port;
  private final Path config;
  private final Path log;
  private @Nullable Process process;

  private MosquittoBroker(Path directory, List<String> lines) throws IOException {
    this.port = FreePort.find();
    this.log = directory.resolve("mosquitto.log");
    this.config = directory.resolve("mosquitto.conf");
    Files.write(config, withDefaults(directory, lines));
    restart();
  }

  /**
   * Starts a broker that takes anybody.
   *
   * @param directory for its configuration, log and state; a {@code @TempDir}
   * @param lines of mosquitto.conf: global ones, or more of the one listener, or further listeners
   */
  public static MosquittoBroker start(Path directory, String... lines) throws IOException {
    return new MosquittoBroker(directory, List.of(lines));
  }

  public int port() {
    return port;
  }

  public String url() {
    return "mqtt://127.0.0.1:" + port;
  }

  public Path log() {
    return log;
  }

  /** The lines that Mosquitto has logged so far. */
  public List<String> logLines() {
    try {
      return Files.readAllLines(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it has had nothing to do for a moment, as its log of every packet shows. */
  public void awaitQuiet() {
    await("a quiet Mosquitto")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .during(Duration.ofMillis(150))
        .until(new Unchanged());
  }

  /** Whether the log is as long as it was when this was asked before. */
  private final class Unchanged implements Callable<Boolean> {
    private long bytes;

    @Override
    public Boolean call() throws IOException {
      long before = bytes;
      bytes = Files.size(log);
      return bytes == before;
    }
  }

  /** Ends the process with SIGTERM, so that it writes its state; returns when it is gone. */
  public void stop() {
    end(Process::destroy);
  }

  /** Ends the process with SIGKILL; returns when it is gone. */
  public void kill() {
    end(Process::destroyForcibly);
  }

  /** Stops the process with SIGSTOP: connections stay and nobody answers. */
  public void pause() throws IOException {
    signal("-STOP");
  }

  /** Lets a paused process go on. */
  public void resume() throws IOException {
    signal("-CONT");
  }

  /** Starts the process on the same port with the same state, ending it first if it runs. */
  public void restart() throws IOException {
    stop();
    Process started =
        new ProcessBuilder(PROGRAM, "-c", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    process = started;
    await("Mosquitto on port " + port)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .failFast("Mosquitto ended, see " + log, () -> !started.isAlive())
        .until(this::accepts);
  }

  @Override
  public void close() {
    kill();
  }

  private void end(Consumer<Process> how) {
    Process running = process;
    process = null;
    if (running == null) {
      return;
    }
    how.accept(running);
    try {
      if (!running.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        running.destroyForcibly();
        throw new IllegalStateException("Mosquitto did not end within " + PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running.destroyForcibly();
    }
  }

  private void signal(String signal) throws IOException {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("Mosquitto does not run");
    }
    new ProcessBuilder("kill", signal, Long.toString(running.pid())).start().onExit().join();
  }

  private boolean accepts() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  private List<String> withDefaults(Path directory, List<String> lines) {
    List<String> all = new ArrayList<>();
    all.add("listener " + port + " 127.0.0.1");
    all.add("persistence true");
    all.add("persistence_location " + directory + "/");
    all.add("log_dest stderr");
    all.add("log_type all");
    all.add("user root");
    if (lines.stream().noneMatch(line -> line.startsWith("allow_anonymous"))) {
      all.add("allow_anonymous true");
    }
    all.addAll(lines);
    return all;
  }
}
