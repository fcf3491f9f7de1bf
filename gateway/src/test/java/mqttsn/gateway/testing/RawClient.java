package mqttsn.gateway.testing;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** A client that sends and expects octets, written as hexadecimal digits. */
public final class RawClient implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 10_000;
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final DatagramSocket socket;
  private final InetSocketAddress gateway;

  /** Opens a socket on the loopback address of the gateway's protocol. */
  public RawClient(InetSocketAddress gateway) throws IOException {
    this.gateway = gateway;
    InetAddress own = gateway.getAddress();
    this.socket = new DatagramSocket(new InetSocketAddress(own, 0));
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  public void send(String hex) throws IOException {
    send(HEX.parseHex(hex.replace(" ", "")));
  }

  public void send(byte[] octets) throws IOException {
    socket.send(new DatagramPacket(octets, octets.length, gateway));
  }

  /**
   * The next datagram, which must come from where this client sends to.
   *
   * @throws SocketTimeoutException if none comes in ten seconds
   */
  public String receive() throws IOException {
    byte[] octets = new byte[65_536];
    DatagramPacket packet = new DatagramPacket(octets, octets.length);
    socket.receive(packet);
    if (!packet.getSocketAddress().equals(gateway)) {
      throw new IOException(packet.getSocketAddress() + " answers instead of " + gateway);
    }
    return HEX.formatHex(Arrays.copyOf(octets, packet.getLength()));
  }

  /** Sends, and the first answer. */
  public String ask(String hex) throws IOException {
    send(hex);
    return receive();
  }

  /** Connects with this ClientId, a clean session and a keep-alive of a minute. */
  public void connect(String clientId) throws IOException {
    accepted(connectRequest(clientId));
  }

  /** Connects with this ClientId, so that the session stays, and a keep-alive of a minute. */
  public void connectToStay(String clientId) throws IOException {
    accepted(connectRequest(clientId, 0));
  }

  private void accepted(String connect) throws IOException {
    String answer = ask(connect);
    if (!answer.equals("030500")) {
      throw new IOException("CONNECT is answered with " + answer);
    }
  }

  /** CONNECT with this ClientId, a clean session and a keep-alive of a minute. */
  public static String connectRequest(String clientId) {
    return connectRequest(clientId, 4);
  }

  private static String connectRequest(String clientId, int flags) {
    String octets = HEX.formatHex(clientId.getBytes(StandardCharsets.UTF_8));
    return String.format("%02X04%02X01003C%s", 6 + clientId.length(), flags, octets);
  }

  /** Whether PINGREQ is answered with PINGRESP, whatever else arrives before. */
  public boolean isServed() throws IOException {
    send("0216");
    try {
      String answer = receive();
      while (!answer.equals("0217")) {
        answer = receive();
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
