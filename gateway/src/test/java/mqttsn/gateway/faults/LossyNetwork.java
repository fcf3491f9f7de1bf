package mqttsn.gateway.faults;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A network between clients and their gateway that loses datagrams, sends some twice, and lets some
 * overtake others. Every client keeps an address of its own.
 */
final class LossyNetwork implements AutoCloseable {

  private final DatagramSocket clientSide =
      new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  private final Map<SocketAddress, DatagramSocket> gatewaySides = new ConcurrentHashMap<>();
  private final InetSocketAddress gateway;
  private final AtomicInteger failures = new AtomicInteger();
  private final double loss;
  private final Random random;

  /** A datagram that the next one overtakes. */
  private @Nullable Runnable delayed;

  /**
   * @param loss share of datagrams that are lost, 0 to 1; the same share is doubled, and delayed
   */
  LossyNetwork(InetSocketAddress gateway, double loss, long seed) throws IOException {
    this.gateway = gateway;
    this.loss = loss;
    this.random = new Random(seed);
    forward(clientSide, this::toGateway);
  }

  /** Where clients send to. */
  InetSocketAddress address() {
    return (InetSocketAddress) clientSide.getLocalSocketAddress();
  }

  private interface Receiver {
    void receive(byte[] octets, SocketAddress from) throws IOException;
  }

  private void forward(DatagramSocket socket, Receiver receiver) {
    Thread thread =
        new Thread(
            () -> {
              byte[] buffer = new byte[65_536];
              while (!socket.isClosed()) {
                try {
                  DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                  socket.receive(packet);
                  receiver.receive(
                      Arrays.copyOf(buffer, packet.getLength()), packet.getSocketAddress());
                } catch (IOException e) {
                  failures.incrementAndGet(); // a port unreachable is a lost datagram
                }
              }
            },
            "lossy network");
    thread.setDaemon(true);
    thread.start();
  }

  private void toGateway(byte[] octets, SocketAddress client) throws IOException {
    DatagramSocket side = gatewaySides.get(client);
    if (side == null) {
      DatagramSocket opened =
          new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      gatewaySides.put(client, opened);
      forward(opened, (answer, from) -> carry(clientSide, answer, client));
      side = opened;
    }
    carry(side, octets, gateway);
  }

  private synchronized void carry(DatagramSocket socket, byte[] octets, SocketAddress to) {
    Runnable send = () -> send(socket, octets, to);
    Runnable overtaken = delayed;
    delayed = null;
    double fate = random.nextDouble();
    if (fate < loss) {
      // lost
    } else if (fate < 2 * loss) {
      send.run();
      send.run();
    } else if (fate < 3 * loss) {
      delayed = send;
    } else {
      send.run();
    }
    if (overtaken != null) {
      overtaken.run();
    }
  }

  private void send(DatagramSocket socket, byte[] octets, SocketAddress to) {
    try {
      socket.send(new DatagramPacket(octets, octets.length, to));
    } catch (IOException e) {
      failures.incrementAndGet(); // lost, as on a real network
    }
  }

  @Override
  public void close() {
    clientSide.close();
    gatewaySides.values().forEach(DatagramSocket::close);
  }
}
