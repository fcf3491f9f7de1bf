package mqttsn.daemon.systemd;

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

  /** Far more sockets than any unit lists. */
  private static final int MOST = 64;

  /**
   * The sockets that {@code LISTEN_FDS} announces, if {@code LISTEN_PID} says they are meant for
   * this process; a launcher that uses {@code exec} keeps the process id.
   */
  public static List<InheritedSocket> take(Map<String, String> environment) {
    return take(environment, ProcessHandle.current().pid());
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
