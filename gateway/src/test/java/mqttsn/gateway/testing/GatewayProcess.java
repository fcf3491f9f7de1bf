package mqttsn.gateway.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mqttsn.daemon.testing.ProcessOutput;

/** The gateway as it is distributed, in a process of its own, with what it writes. */
public final class GatewayProcess implements AutoCloseable {

  private static final Path PROGRAM = Path.of("target", "mqttsn-gateway", "bin", "mqttsn-gateway");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern LISTENING =
      Pattern.compile("listening on UDP (\\[?[0-9a-f:.]+?\\]?):([0-9]+),");

  private static final Pattern METRICS = Pattern.compile("metrics on (http://\\S+/)");

  private final Process process;
  private final ProcessOutput output;

  private GatewayProcess(Process process) {
    this.process = process;
    this.output = ProcessOutput.of(process.inputReader(StandardCharsets.UTF_8));
  }

  /** Starts the program with these arguments; both of its outputs are its lines. */
  public static GatewayProcess start(String... arguments) throws IOException {
    return start(List.of(), arguments);
  }

  /**
   * Starts the program by another one.
   *
   * @param launcher a command that ends as the command that follows it
   */
  public static GatewayProcess start(List<String> launcher, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(launcher);
    command.add(PROGRAM.toString());
    command.addAll(List.of(arguments));
    return new GatewayProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  public List<String> lines() {
    return output.lines();
  }

  /** Waits for a line with this part. */
  public GatewayProcess awaitLine(String part) {
    output.await(part);
    return this;
  }

  /** Whether a line has this part. */
  public boolean hasLine(String part) {
    return lines().stream().anyMatch(line -> line.contains(part));
  }

  /** Where it hears clients on loopback, once it has said so. */
  public InetSocketAddress address() throws IOException {
    for (String line : lines()) {
      Matcher matcher = LISTENING.matcher(line);
      if (matcher.find()) {
        String host = matcher.group(1).equals("[::]") ? "127.0.0.1" : matcher.group(1);
        return new InetSocketAddress(
            InetAddress.getByName(host), Integer.parseInt(matcher.group(2)));
      }
    }
    throw new IOException("no line says where the gateway listens: " + lines());
  }

  /**
   * The sum of all values of a metric.
   *
   * @param name with all labels, or without any for all values
   */
  public double metric(String name) throws IOException {
    for (String line : lines()) {
      Matcher matcher = METRICS.matcher(line);
      if (matcher.find()) {
        return metric(URI.create(matcher.group(1) + "metrics"), name);
      }
    }
    throw new IOException("no line says where the metrics are: " + lines());
  }

  private static double metric(URI metrics, String name) throws IOException {
    boolean found = false;
    double sum = 0;
    for (String line : page(metrics).lines().toList()) {
      if (line.startsWith(name + " ") || line.startsWith(name + "{")) {
        found = true;
        sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
      }
    }
    if (!found) {
      throw new IOException("no metric " + name);
    }
    return sum;
  }

  private static String page(URI uri) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
    try {
      return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(uri + ": interrupted", e);
    }
  }

  /** What the process holds in memory now (VmRSS). */
  public long residentKibibytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException("no VmRSS of " + pid());
  }

  public long pid() {
    return process.pid();
  }

  /** Sends a signal such as TERM or HUP. */
  public void signal(String name) throws IOException, InterruptedException {
    int exitCode = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
    if (exitCode != 0) {
      throw new IOException("kill -" + name + " failed");
    }
  }

  /** Waits for the end of the process and of its output. */
  public int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("the process does not end: " + lines());
    }
    output.awaitEnd();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
