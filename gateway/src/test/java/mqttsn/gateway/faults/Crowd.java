package mqttsn.gateway.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Very many clients that all connect at the same moment, each from an address of its own, and then
 * publish one message with QoS 1. One that is refused, or hears nothing, waits a little and tries
 * again, as the standard has it.
 */
final class Crowd implements AutoCloseable {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int CONNACK = 0x05;
  private static final int PUBACK = 0x0D;

  private enum Step {
    CONNECTS,
    PUBLISHES,
    SERVED
  }

  private static final class Client {
    final String clientId;
    final DatagramChannel channel;
    Step step = Step.CONNECTS;
    long nextTry;

    Client(String clientId, DatagramChannel channel) {
      this.clientId = clientId;
      this.channel = channel;
    }
  }

  private final List<Client> clients = new ArrayList<>();
  private final Selector selector = Selector.open();
  private final Random random = new Random(11);
  private final ByteBuffer buffer = ByteBuffer.allocate(512);
  private int served;

  /** Opens the sockets; nothing is sent yet. */
  Crowd(InetSocketAddress gateway, int size) throws IOException {
    for (int i = 0; i < size; i++) {
      InetAddress own =
          InetAddress.getByAddress(new byte[] {127, 1, (byte) (i / 200), (byte) (1 + i % 200)});
      DatagramChannel channel = DatagramChannel.open();
      channel.bind(new InetSocketAddress(own, 0)).connect(gateway).configureBlocking(false);
      Client client = new Client("crowd-" + i, channel);
      channel.register(selector, SelectionKey.OP_READ, client);
      clients.add(client);
    }
  }

  /** Lets them connect, all at once; returns how many were served in time. */
  int serve(Duration patience) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (served < clients.size() && System.nanoTime() < deadline) {
      for (Client client : clients) {
        if (client.step != Step.SERVED && client.nextTry <= System.nanoTime()) {
          ask(client);
        }
      }
      selector.select(key -> answered((Client) key.attachment()), 50);
    }
    return served;
  }

  /** The payloads that clients got an acknowledgement for. */
  Set<String> acknowledged() {
    Set<String> payloads = new HashSet<>();
    for (Client client : clients) {
      if (client.step == Step.SERVED) {
        payloads.add(payload(client));
      }
    }
    return payloads;
  }

  private void ask(Client client) throws IOException {
    boolean connects = client.step == Step.CONNECTS;
    byte[] head =
        connects
            ? new byte[] {0, 0x04, 0x04, 1, 1, 0} // clean session, a keep-alive of 256 s
            : new byte[] {0, 0x0C, 0x22, 'l', 'd', 0, 1}; // QoS 1, a short topic name
    byte[] tail =
        (connects ? client.clientId : payload(client)).getBytes(StandardCharsets.US_ASCII);
    head[0] = (byte) (head.length + tail.length);
    buffer.clear().put(head).put(tail).flip();
    client.channel.write(buffer);
    client.nextTry = later();
  }

  private void answered(Client client) {
    try {
      buffer.clear();
      client.channel.read(buffer);
    } catch (IOException unreachable) {
      return; // asked again later
    }
    int type = buffer.get(1);
    boolean accepted = buffer.get(buffer.position() - 1) == 0; // the return code is the last octet
    if (!accepted) {
      client.nextTry = later();
    } else if (type == CONNACK && client.step == Step.CONNECTS) {
      client.step = Step.PUBLISHES;
      client.nextTry = System.nanoTime();
    } else if (type == PUBACK && client.step == Step.PUBLISHES) {
      client.step = Step.SERVED;
      served++;
    }
  }

  /** Half of its patience to one and a half, so that not all ask at the same time again. */
  private long later() {
    return System.nanoTime() + PATIENCE_NANOS / 2 + random.nextLong(PATIENCE_NANOS);
  }

  private static String payload(Client client) {
    return client.clientId + ":0";
  }

  @Override
  public void close() throws IOException {
    for (Client client : clients) {
      client.channel.close();
    }
    selector.close();
  }
}
