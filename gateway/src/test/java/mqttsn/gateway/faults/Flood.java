package mqttsn.gateway.faults;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * Datagrams of nobody, a third each: noise, requests without a session, and CONNECTs that announce
 * a will and never tell it. None of them can reach the broker.
 */
final class Flood {

  /** As with a hostile sender that can be told by its address. */
  static void fromOneAddress(InetSocketAddress gateway, int datagrams) throws IOException {
    Random random = new Random(7);
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < datagrams; i++) {
        send(socket, datagram(i, random), gateway);
      }
    }
  }

  /**
   * As with forged sources: each datagram comes from another address of 127.0.0.0/8, where nobody
   * is any more when the answer comes.
   */
  static void fromEverywhere(InetSocketAddress gateway, int datagrams) throws IOException {
    Random random = new Random(7);
    byte[] address = new byte[4];
    for (int i = 0; i < datagrams; i++) {
      random.nextBytes(address);
      address[0] = 127;
      address[3] &= 0x7F; // no address of all ones
      try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByAddress(address))) {
        send(socket, datagram(i, random), gateway);
      }
    }
  }

  private static void send(DatagramSocket socket, byte[] octets, InetSocketAddress gateway)
      throws IOException {
    socket.send(new DatagramPacket(octets, octets.length, gateway));
  }

  private static byte[] datagram(int number, Random random) {
    byte[] octets = new byte[10 + random.nextInt(20)];
    random.nextBytes(octets);
    octets[0] = (byte) octets.length;
    switch (number % 3) {
      case 0 -> octets[1] = (byte) (0x20 + random.nextInt(0x80)); // no message has this type
      case 1 -> {
        octets[1] = 0x0C;
        octets[2] = 0x20; // PUBLISH, QoS 1
      }
      default -> {
        byte[] clientId = ("n" + number).getBytes(StandardCharsets.UTF_8);
        octets = new byte[6 + clientId.length];
        octets[0] = (byte) octets.length;
        octets[1] = 0x04;
        octets[2] = 0x0C; // CONNECT, Will, CleanSession
        octets[3] = 1;
        octets[5] = 60;
        System.arraycopy(clientId, 0, octets, 6, clientId.length);
      }
    }
    return octets;
  }

  private Flood() {}
}
