package mqttsn.daemon.net;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Datagrams that the kernel dropped because a socket of ours was full, from {@code /proc/net/udp}.
 * Reads files: not for the event loop.
 */
public final class KernelDrops {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/udp"), Path.of("/proc/net/udp6"));
  private static final String SOCKET_PREFIX = "socket:[";

  // Columns of a table, split at blanks: sl, local_address, rem_address, st, tx:rx, tr:tm,
  // retrnsmt, uid, timeout, inode, ref, pointer, drops
  private static final int LOCAL_ADDRESS = 1;
  private static final int INODE = 9;
  private static final int DROPS = 12;

  private final Set<Integer> ports;

  /**
   * @param ports the ports of the sockets that count
   */
  public KernelDrops(Set<Integer> ports) {
    this.ports = Set.copyOf(ports);
  }

  /** Drops since the sockets were bound; 0 where the kernel does not tell. */
  public long total() {
    long drops = 0;
    try {
      Set<String> inodes = ownInodes();
      for (Path table : TABLES) {
        if (Files.isReadable(table)) {
          drops += drops(Files.readAllLines(table), inodes);
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return drops;
  }

  private static Set<String> ownInodes() throws IOException {
    Set<String> inodes = new HashSet<>();
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path descriptor : descriptors) {
        String target = target(descriptor);
        if (target.startsWith(SOCKET_PREFIX)) {
          inodes.add(target.substring(SOCKET_PREFIX.length(), target.length() - 1));
        }
      }
    }
    return inodes;
  }

  /** What a descriptor is; empty if it was closed meanwhile. */
  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return "";
    }
  }

  /** The sum over the lines of a table that are ours. */
  long drops(List<String> table, Set<String> inodes) {
    long drops = 0;
    for (String line : table) {
      String[] columns = line.strip().split("\\s+", -1);
      if (columns.length > DROPS
          && inodes.contains(columns[INODE])
          && ports.contains(port(columns[LOCAL_ADDRESS]))) {
        drops += Long.parseLong(columns[DROPS]);
      }
    }
    return drops;
  }

  private static int port(String localAddress) {
    return Integer.parseInt(localAddress.substring(localAddress.lastIndexOf(':') + 1), 16);
  }
}
