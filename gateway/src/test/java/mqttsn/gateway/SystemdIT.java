package mqttsn.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import mqttsn.gateway.testing.FreePort;
import mqttsn.gateway.testing.GatewayProcess;
import mqttsn.gateway.testing.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The distributed program under a service manager that this test plays. */
@Tag("machine")
@Timeout(120)
class SystemdIT {
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final List<String> notified = new CopyOnWriteArrayList<>();

  @TempDir Path folder;

  @BeforeEach
  void listenAsTheServiceManager() {
    new Bootstrap()
        .group(loop)
        .channel(EpollDomainDatagramChannel.class)
        .handler(
            new SimpleChannelInboundHandler<DomainDatagramPacket>() {
              @Override
              protected void channelRead0(
                  ChannelHandlerContext context, DomainDatagramPacket said) {
                notified.add(said.content().toString(StandardCharsets.UTF_8));
              }
            })
        .bind(new DomainSocketAddress(notifySocket()))
        .syncUninterruptibly();
  }

  @AfterEach
  void stopListening() {
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private String notifySocket() {
    return folder.resolve("notify").toString();
  }

  private GatewayProcess start(List<String> launcher) throws IOException {
    String yaml =
        """
        sensors: {listen: ["127.0.0.1:0"]}
        admin: {listen: null}
        broker: {urls: ["mqtt://no-such-host.invalid"]}
        """;
    Path file = Files.writeString(folder.resolve("gateway.yaml"), yaml);
    return GatewayProcess.start(launcher, "run", "--config", file.toString());
  }

  @Test
  void tellsItsLifeToTheServiceManager() throws Exception {
    List<String> environment =
        List.of("env", "NOTIFY_SOCKET=" + notifySocket(), "WATCHDOG_USEC=200000");
    try (GatewayProcess program = start(environment)) {
      program.awaitLine("ready");
      await().until(() -> notified.contains("WATCHDOG=1"));
      assertThat(notified).first().isEqualTo("READY=1");
      assertThat(notified).anyMatch(said -> said.startsWith("STATUS=0 clients"));

      program.signal("HUP");
      await().until(() -> notified.stream().filter("READY=1"::equals).count() == 2);
      assertThat(notified).anyMatch(said -> said.startsWith("RELOADING=1\nMONOTONIC_USEC="));

      program.signal("TERM");
      assertThat(program.exitCode()).isZero();
      await().until(() -> notified.contains("STOPPING=1"));
    }
  }

  @Test
  void answersWhatCameBeforeItWasStarted() throws Exception {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.find());
    List<String> activation =
        List.of(
            "systemd-socket-activate",
            "--datagram",
            "--listen=" + address.getAddress().getHostAddress() + ":" + address.getPort());
    try (GatewayProcess program = start(activation).awaitLine("Listening on");
        RawClient client = new RawClient(address)) {
      assertThat(client.ask("030100")).isEqualTo("030201");
      program.awaitLine("ready").signal("TERM");
      assertThat(program.exitCode()).isZero();
    }
  }
}
