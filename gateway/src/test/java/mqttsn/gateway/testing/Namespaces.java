package mqttsn.gateway.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Network namespaces of the test's own, joined by virtual cables. For tests tagged "machine": it
 * needs root and {@code ip}.
 */
public final class Namespaces implements AutoCloseable {

  private final String prefix = "sn" + ProcessHandle.current().pid() + "-";
  private final List<String> names = new ArrayList<>();

  /** A namespace with a loopback interface; its name on this machine. */
  public String add(String name) throws IOException {
    String full = prefix + name;
    run(List.of("ip", "netns", "add", full));
    names.add(full);
    // An address that is being checked for duplicates cannot be used yet.
    in(full, "sysctl", "-qw", "net.ipv6.conf.default.accept_dad=0");
    in(full, "ip", "link", "set", "lo", "up");
    return full;
  }

  /** A cable between two namespaces; each end is named after the other end's namespace. */
  public void connect(String one, String oneAddress, String other, String otherAddress)
      throws IOException {
    String oneEnd = other.substring(prefix.length());
    String otherEnd = one.substring(prefix.length());
    run(
        List.of(
            "ip", "link", "add", oneEnd, "netns", one, "type", "veth", "peer", "name", otherEnd,
            "netns", other));
    raise(one, oneEnd, oneAddress);
    raise(other, otherEnd, otherAddress);
  }

  private static void raise(String namespace, String end, String address) throws IOException {
    in(namespace, "ip", "address", "add", address, "broadcast", "+", "dev", end);
    in(namespace, "ip", "link", "set", end, "up");
  }

  /** Whether every IPv6 address may send: none is still looked for elsewhere (RFC 4862). */
  public static boolean isSettled(String namespace) throws IOException {
    return in(namespace, "ip", "-6", "address", "show", "tentative").isBlank();
  }

  /** The command that runs a command in a namespace; it becomes that process. */
  public static List<String> prefix(String namespace) {
    return List.of("ip", "netns", "exec", namespace);
  }

  /** Runs a command in a namespace to its end. */
  public static String in(String namespace, String... command) throws IOException {
    List<String> all = new ArrayList<>(prefix(namespace));
    all.addAll(List.of(command));
    return run(all);
  }

  private static String run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ": " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(String.join(" ", command) + ": interrupted", e);
    }
    return output;
  }

  @Override
  public void close() throws IOException {
    for (String name : names) {
      run(List.of("ip", "netns", "delete", name));
    }
  }
}
