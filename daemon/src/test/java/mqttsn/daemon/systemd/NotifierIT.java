package mqttsn.daemon.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mqttsn.daemon.testing.ServiceManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotifierIT {
  private final EventLoopGroup daemonLoop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final List<ServiceManager> managers = new ArrayList<>();

  @TempDir Path folder;

  @AfterEach
  void stop() {
    daemonLoop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    managers.forEach(ServiceManager::close);
  }

  private ServiceManager manager(String path) {
    ServiceManager manager = ServiceManager.at(path);
    managers.add(manager);
    return manager;
  }

  private Notifier notifier(Map<String, String> environment) {
    return Notifier.open(environment, daemonLoop.next(), () -> "3 clients");
  }

  @Test
  void tellsTheWholeStoryOverAPath() {
    String path = folder.resolve("notify").toString();
    List<String> received = manager(path).told();
    Notifier notifier = notifier(Map.of("NOTIFY_SOCKET", path));

    notifier.ready();
    await().until(() -> received.size() == 2);
    long before = System.nanoTime() / 1_000;
    notifier.reloading();
    notifier.ready();
    notifier.stopping();
    await().until(() -> received.size() == 5);

    assertThat(received.subList(0, 2)).containsExactly("READY=1", "STATUS=3 clients");
    assertThat(received.get(2)).matches("RELOADING=1\nMONOTONIC_USEC=[0-9]+");
    assertThat(Long.parseLong(received.get(2).replaceAll("\\D+1?\\D+", "")))
        .isBetween(before, System.nanoTime() / 1_000);
    assertThat(received.subList(3, 5)).containsExactly("READY=1", "STOPPING=1");
  }

  @Test
  void reachesAnAbstractSocket() {
    String name = "mqttsn-test-" + ProcessHandle.current().pid();
    List<String> received = manager("\0" + name).told();

    notifier(Map.of("NOTIFY_SOCKET", "@" + name)).ready();

    await().until(() -> received.contains("READY=1"));
  }

  @Test
  void feedsTheWatchdogOnlyWhileTheEventLoopTurns() throws InterruptedException {
    String path = folder.resolve("notify").toString();
    List<String> received = manager(path).told();
    Map<String, String> environment = Map.of("NOTIFY_SOCKET", path, "WATCHDOG_USEC", "20000");
    notifier(environment);
    await().until(() -> received.stream().filter("WATCHDOG=1"::equals).count() >= 3);

    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);
    daemonLoop.execute(
        () -> {
          stuck.countDown();
          try {
            free.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    stuck.await();
    // What was sent before the loop got stuck arrives, and nothing after it.
    await().during(200, TimeUnit.MILLISECONDS).until(() -> nothingNewIn(received));
    free.countDown();
  }

  private int lastSize;

  private boolean nothingNewIn(List<String> received) {
    boolean same = received.size() == lastSize;
    lastSize = received.size();
    return same;
  }

  @Test
  void goesOnWithoutAServiceManagerThatAnswers() {
    Notifier missing = notifier(Map.of("NOTIFY_SOCKET", folder.resolve("missing").toString()));
    Notifier absent = notifier(Map.of());
    Notifier full = silentManager();

    for (Notifier notifier : List.of(missing, absent, full)) {
      for (int i = 0; i < 5_000; i++) {
        notifier.ready();
      }
      notifier.stopping();
    }

    // The loop still turns.
    daemonLoop.submit(() -> {}).syncUninterruptibly();
  }

  /** A notify socket that is bound and never read: its receive buffer fills up. */
  private Notifier silentManager() {
    String path = folder.resolve("silent").toString();
    manager(path).goDeaf();
    return notifier(Map.of("NOTIFY_SOCKET", path));
  }

  @Test
  void doesWithoutNotificationOnALoopThatIsNotEpoll() {
    EventLoopGroup nio = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try {
      Notifier.open(Map.of("NOTIFY_SOCKET", "/nowhere"), nio.next(), () -> "").ready();
      nio.submit(() -> {}).syncUninterruptibly();
    } finally {
      nio.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }
}
