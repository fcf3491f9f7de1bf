package mqttsn.forwarder;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.util.Arrays;
import mqttsn.codec.Octets;

/** A socket that stands for a node or for a gateway. */
final class TestSocket implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 5_000;
  private static final int MAX_OCTETS = 4_096;

  private final DatagramSocket socket;
  private final DatagramPacket packet = new DatagramPacket(new byte[MAX_OCTETS], MAX_OCTETS);

  TestSocket(String host) throws IOException {
    socket = new DatagramSocket(0, InetAddress.getByName(host));
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  int port() {
    return socket.getLocalPort();
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  <T> void option(SocketOption<T> option, T value) throws IOException {
    socket.setOption(option, value);
  }

  void send(Octets datagram, InetSocketAddress to) throws IOException {
    socket.send(new DatagramPacket(datagram.toByteArray(), datagram.size(), to));
  }

  /** Sends to whom the last datagram came from. */
  void answer(String hex) throws IOException {
    send(Octets.hex(hex), lastSender());
  }

  InetSocketAddress lastSender() {
    return (InetSocketAddress) packet.getSocketAddress();
  }

  /** The next datagram; fails after a few seconds without one. */
  Octets receive() throws IOException {
    packet.setLength(MAX_OCTETS);
    socket.receive(packet);
    return Octets.of(Arrays.copyOf(packet.getData(), packet.getLength()));
  }

  @Override
  public void close() {
    socket.close();
  }
}
