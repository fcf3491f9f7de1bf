package mqttsn.daemon.systemd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A socket that was bound by the service manager and is open in this process (socket activation).
 *
 * @param fd its file descriptor, 3 or above
 * @param name the {@code FileDescriptorName=} of the socket unit, else the unit's name; may be
 *     empty
 */
public record InheritedSocket(int fd, String name) {
  private static final int FIRST_FD = 3;

  /** As many as the launcher makes ready. */
  private static final int MOST = 7;

  /** {@code O_NONBLOCK} of Linux. */
  private static final int NON_BLOCKING = 04000;

  /**
   * The sockets that {@code LISTEN_FDS} announces, if {@code LISTEN_PID} says they are meant for
   * this process; the launcher keeps the process id.
   *
   * @throws IOException if a socket is in blocking mode: reading it would stop the event loop
   */
  public static List<InheritedSocket> take(Map<String, String> environment) throws IOException {
    List<InheritedSocket> sockets = take(environment, ProcessHandle.current().pid());
    for (InheritedSocket socket : sockets) {
      if (isBlocking(Files.readString(Path.of("/proc/self/fdinfo", Integer.toString(socket.fd))))) {
        throw new IOException(
            "inherited socket " + socket.fd + " is in blocking mode; start through the launcher");
      }
    }
    return sockets;
  }

  /** What the {@code flags} of a file in {@code /proc/self/fdinfo} say. */
  static boolean isBlocking(String fdInfo) {
    return fdInfo
        .lines()
        .filter(line -> line.startsWith("flags:"))
        .map(line -> line.replaceAll("[^0-7]", ""))
        .noneMatch(flags -> (Long.parseLong(flags, 8) & NON_BLOCKING) != 0);
  }

  static List<InheritedSocket> take(Map<String, String> environment, long pid) {
    if (!environment.getOrDefault("LISTEN_PID", "").equals(Long.toString(pid))) {
      return List.of();
    }
    String[] names = environment.getOrDefault("LISTEN_FDNAMES", "").split(":", -1);
    int count = count(environment.getOrDefault("LISTEN_FDS", ""));
    List<InheritedSocket> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sockets.add(new InheritedSocket(FIRST_FD + i, i < names.length ? names[i] : ""));
    }
    return List.copyOf(sockets);
  }

  private static int count(String text) {
    return text.matches("[0-9]{1,4}") ? Math.min(Integer.parseInt(text), MOST) : 0;
  }
}
