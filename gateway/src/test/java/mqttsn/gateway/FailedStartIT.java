package mqttsn.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import mqttsn.gateway.config.Configuration;
import mqttsn.gateway.store.SessionStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that does not start leaves nothing behind in the process that wanted it. */
class FailedStartIT {

  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  @TempDir Path folder;

  @Test
  void leavesNoThreadSocketOrFileOpenWhenTheAdminAddressIsTaken() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    int port;
    try (DatagramSocket free = new DatagramSocket(0, LOOPBACK)) {
      port = free.getLocalPort();
    }
    Path sessions = folder.resolve("sessions");
    try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
      Configuration configuration =
          Configuration.of(
              """
              sensors: {listen: ["127.0.0.1:%d"]}
              sessions: {file: "%s"}
              queue: {enabled: true, directory: "%s"}
              gateway: {mode: aggregating}
              admin: {listen: "127.0.0.1:%d"}
              """
                  .formatted(port, sessions, folder.resolve("queue"), taken.getLocalPort()));

      assertThatThrownBy(() -> RunningGateway.start(configuration, List.of()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen on TCP");
    }

    await().untilAsserted(() -> assertThat(begunSince(before)).isEmpty());
    try (DatagramSocket again = new DatagramSocket(new InetSocketAddress(LOOPBACK, port));
        SessionStore store = SessionStore.open(sessions, Runnable::run)) {
      assertThat(again.isBound()).isTrue();
      assertThat(store.saved()).isEmpty();
    }
  }

  /** Threads of a gateway; others, such as those of the test's tools, come and go. */
  private static Set<String> begunSince(Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread))
        .map(Thread::getName)
        .filter(name -> name.matches("(gateway|admin|session|queue)-.*"))
        .collect(Collectors.toSet());
  }
}
