package mqttsn.daemon.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotifierIT {
  private final EventLoopGroup managerLoop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final EventLoopGroup daemonLoop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final List<String> received = new CopyOnWriteArrayList<>();

  @TempDir Path folder;

  @AfterEach
  void stopLoops() {
    daemonLoop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    managerLoop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** The service manager's end of the socket. */
  private Channel manager(String path) {
    return new Bootstrap()
        .group(managerLoop)
        .channel(EpollDomainDatagramChannel.class)
        .handler(
            new SimpleChannelInboundHandler<DomainDatagramPacket>() {
              @Override
              protected void channelRead0(
                  ChannelHandlerContext context, DomainDatagramPacket packet) {
                received.add(packet.content().toString(StandardCharsets.UTF_8));
              }
            })
        .bind(new DomainSocketAddress(path))
        .syncUninterruptibly()
        .channel();
  }

  private Notifier notifier(Map<String, String> environment) {
    return Notifier.open(environment, daemonLoop.next(), () -> "3 clients");
  }

  @Test
  void tellsTheWholeStoryOverAPath() {
    String path = folder.resolve("notify").toString();
    manager(path);
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
    manager("\0" + name);

    notifier(Map.of("NOTIFY_SOCKET", "@" + name)).ready();

    await().until(() -> received.contains("READY=1"));
  }

  @Test
  void feedsTheWatchdogOnlyWhileTheEventLoopTurns() throws InterruptedException {
    String path = folder.resolve("notify").toString();
    manager(path);
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
    managerLoop.next().submit(() -> {}).syncUninterruptibly();
    await().during(200, TimeUnit.MILLISECONDS).until(this::nothingNewArrives);
    free.countDown();
  }

  private int lastSize;

  private boolean nothingNewArrives() {
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
    manager(path).config().setAutoRead(false);
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
