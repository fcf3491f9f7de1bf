import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * CPU time of processes while nodes ping through them: {@code java PingLoad.java HOST:PORT NODES
 * ROUND-TRIPS-A-SECOND SECONDS PID...}. Each node connects, then sends PINGREQ at its pace whether
 * PINGRESP comes or not. One round trip is two datagrams for whoever is on the way.
 */
final class PingLoad {

  private static final byte[] PINGREQ = {2, 0x16};
  private static final int PINGRESP = 0x17;
  private static final int CONNACK = 0x05;
  private static final int MAX_SECONDS = 60;
  private static final long TURN_NANOS = 1_000_000;

  private final Selector selector = Selector.open();
  private final List<DatagramChannel> nodes = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(2_048);
  private long connected;
  private long answered;

  private PingLoad() throws IOException {}

  public static void main(String[] args) throws IOException {
    int colon = args[0].lastIndexOf(':');
    InetSocketAddress target =
        new InetSocketAddress(
            args[0].substring(0, colon), Integer.parseInt(args[0].substring(colon + 1)));
    PingLoad load = new PingLoad();
    load.connect(target, Integer.parseInt(args[1]));
    List<String> pids = Arrays.asList(args).subList(4, args.length);
    double rate = Double.parseDouble(args[2]);
    int seconds = Math.min(MAX_SECONDS, Integer.parseInt(args[3]));
    load.ping(rate, 5);
    List<Double> before = pids.stream().map(PingLoad::cpuMicros).toList();
    load.answered = 0;
    long sent = load.ping(rate, seconds);
    System.out.printf("%d round trips sent, %d answered%n", sent, load.answered);
    for (int i = 0; i < pids.size(); i++) {
      double micros = cpuMicros(pids.get(i)) - before.get(i);
      System.out.printf(
          "pid %s: %.1f %% of a core, %.2f us a datagram in and out%n",
          pids.get(i), micros / seconds / 1e4, micros / (sent + load.answered));
    }
  }

  private void connect(InetSocketAddress target, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      DatagramChannel node = DatagramChannel.open();
      node.configureBlocking(false);
      node.connect(target);
      node.register(selector, SelectionKey.OP_READ);
      nodes.add(node);
      byte[] clientId = ("ping" + i).getBytes(StandardCharsets.US_ASCII);
      byte[] connect = Arrays.copyOf(new byte[] {0, 4, 4, 1, 0x0E, 0x10}, 6 + clientId.length);
      System.arraycopy(clientId, 0, connect, 6, clientId.length);
      connect[0] = (byte) connect.length;
      node.write(ByteBuffer.wrap(connect));
      long end = System.nanoTime() + 2_000_000_000L;
      while (connected <= i && System.nanoTime() < end) {
        read(10);
      }
      if (connected <= i) {
        throw new IOException("node " + i + " cannot connect");
      }
    }
  }

  /** Sends at an even pace and returns how many; then waits for what is still on the way. */
  private long ping(double rate, int seconds) throws IOException {
    long begin = System.nanoTime();
    long end = begin + seconds * 1_000_000_000L;
    long sent = 0;
    long now;
    while ((now = System.nanoTime()) < end) {
      long due = (long) ((now - begin) / 1e9 * rate);
      for (; sent < due; sent++) {
        nodes.get((int) (sent % nodes.size())).write(ByteBuffer.wrap(PINGREQ));
      }
      read(Math.max(1, TURN_NANOS / 1_000_000));
    }
    long drained = System.nanoTime() + 500_000_000L;
    while (System.nanoTime() < drained) {
      read(50);
    }
    return sent;
  }

  private void read(long millis) throws IOException {
    selector.select(millis);
    for (SelectionKey key : selector.selectedKeys()) {
      DatagramChannel node = (DatagramChannel) key.channel();
      buffer.clear();
      while (node.read(buffer) > 0) {
        int type = buffer.get(1);
        answered += type == PINGRESP ? 1 : 0;
        connected += type == CONNACK ? 1 : 0;
        buffer.clear();
      }
    }
    selector.selectedKeys().clear();
  }

  /** User and system time; Linux counts in ticks of 10 ms. */
  private static double cpuMicros(String pid) {
    try {
      String stat = Files.readString(Path.of("/proc", pid, "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10_000.0;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
