package mqttsn.gateway.testing;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port that is free, and stays so while nobody binds it by its number: it is below those that the
 * kernel gives to sockets without one (net.ipv4.ip_local_port_range).
 */
public final class FreePort {

  private static final int LOWEST = 10_000;
  private static final int HIGHEST = 32_000;
  private static final int TRIES = 100;

  private FreePort() {}

  /** Of TCP and UDP on 127.0.0.1. */
  public static int find() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      try (ServerSocket tcp = new ServerSocket(port, 1, loopback);
          DatagramSocket udp = new DatagramSocket(port, loopback)) {
        return Math.min(tcp.getLocalPort(), udp.getLocalPort());
      } catch (BindException taken) {
        // Another one, then.
      }
    }
    throw new IOException("no free port from " + LOWEST + " to " + HIGHEST);
  }
}
