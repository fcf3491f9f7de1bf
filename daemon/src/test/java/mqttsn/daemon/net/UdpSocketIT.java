package mqttsn.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A socket on each transport. */
class UdpSocketIT {

  private static final UdpSocket.Options OPTIONS = new UdpSocket.Options(100, 1 << 16, false);

  private final BlockingQueue<InetSocketAddress> senders = new LinkedBlockingQueue<>();
  private final BlockingQueue<Integer> lengths = new LinkedBlockingQueue<>();
  private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
  private @Nullable MultiThreadIoEventLoopGroup group;

  private EventLoop loop(Transport transport) {
    MultiThreadIoEventLoopGroup started = new MultiThreadIoEventLoopGroup(1, transport.ioHandler());
    group = started;
    return started.next();
  }

  @AfterEach
  void stop() {
    if (group != null) {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  private UdpSocket bind(Transport transport, EventLoop loop, String address, int port)
      throws Exception {
    InetSocketAddress at = new InetSocketAddress(InetAddress.getByName(address), port);
    return UdpSocket.bind(loop, transport, at, OPTIONS);
  }

  private UdpSocket.Reader reader() {
    return new UdpSocket.Reader() {
      @Override
      public void datagram(InetSocketAddress sender, ByteBuf content) {
        senders.add(sender);
        lengths.add(content.readableBytes());
      }

      @Override
      public void failed(Throwable cause) {
        failures.add(cause);
      }
    };
  }

  @ParameterizedTest
  @EnumSource
  void aDualStackSocketSpeaksBothProtocols(Transport transport) throws Exception {
    UdpSocket socket = bind(transport, loop(transport), "::", 0);
    socket.read(reader());
    for (String loopback : new String[] {"127.0.0.1", "::1"}) {
      InetAddress own = InetAddress.getByName(loopback);
      try (DatagramSocket client = new DatagramSocket(new InetSocketAddress(own, 0))) {
        client.setSoTimeout(10_000);
        client.send(new DatagramPacket(new byte[7], 7, own, socket.local().getPort()));

        InetSocketAddress sender = senders.poll(10, TimeUnit.SECONDS);
        assertThat(sender).isEqualTo(client.getLocalSocketAddress());
        assertThat(lengths.take()).isEqualTo(7);
        assertThat(socket.speaks(own)).isTrue();

        run(socket, sender, 5);
        DatagramPacket answer = new DatagramPacket(new byte[100], 100);
        client.receive(answer);
        assertThat(answer.getLength()).isEqualTo(5);
        assertThat(answer.getPort()).isEqualTo(socket.local().getPort());
      }
    }
  }

  private void run(UdpSocket socket, InetSocketAddress target, int octets) {
    if (group != null) {
      group
          .next()
          .submit(
              () -> socket.send(target, ByteBufUtil.writeUtf8(socket.alloc(), "x".repeat(octets))))
          .syncUninterruptibly();
    }
  }

  @ParameterizedTest
  @EnumSource
  void cutsWhatIsTooLongAndReadsOn(Transport transport) throws Exception {
    UdpSocket socket = bind(transport, loop(transport), "127.0.0.1", 0);
    try (DatagramSocket client = new DatagramSocket()) {
      for (int octets : new int[] {101, 100, 1_000, 0, 1}) {
        client.send(new DatagramPacket(new byte[octets], octets, socket.local()));
      }
    }

    socket.read(reader());

    for (int length : new int[] {100, 100, 100, 0, 1}) {
      assertThat(lengths.poll(10, TimeUnit.SECONDS)).isEqualTo(length);
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsWhatTheKernelRefusesAndLivesOn(Transport transport) throws Exception {
    UdpSocket socket = bind(transport, loop(transport), "127.0.0.1", 0);
    socket.read(reader());
    // Longer than any datagram can be
    run(socket, socket.local(), 70_000);
    assertThat(failures.poll(10, TimeUnit.SECONDS)).isNotNull();

    run(socket, socket.local(), 3);
    assertThat(lengths.poll(10, TimeUnit.SECONDS)).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource
  void saysInOneLineThatThePortIsTaken(Transport transport) throws Exception {
    EventLoop loop = loop(transport);
    UdpSocket first = bind(transport, loop, "127.0.0.1", 0);
    int port = first.local().getPort();

    assertThatThrownBy(() -> bind(transport, loop, "127.0.0.1", port))
        .isInstanceOf(BindFailure.class)
        .hasMessage("cannot listen on UDP 127.0.0.1:" + port + ": Address in use");
    assertThatThrownBy(() -> bind(transport, loop, "::", port)).isInstanceOf(BindFailure.class);
  }
}
