package mqttsn.gateway.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** TCP connections to a port of 127.0.0.1, which can be cut, and joined again. */
public final class Cable implements AutoCloseable {

  private final int port = FreePort.find();
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private @Nullable ServerSocket server;

  /**
   * @param target the port that it leads to
   */
  public Cable(int target) throws IOException {
    this.target = target;
    join();
  }

  /** Where to connect to. */
  public int port() {
    return port;
  }

  /** Accepts connections. */
  public synchronized void join() throws IOException {
    ServerSocket opened = new ServerSocket();
    opened.setReuseAddress(true);
    opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    server = opened;
    start(() -> accept(opened));
  }

  /** Ends all connections and refuses others. */
  public synchronized void cut() throws IOException {
    if (server != null) {
      server.close();
      server = null;
    }
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void accept(ServerSocket opened) throws IOException {
    while (true) {
      Socket near = opened.accept();
      Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(near);
      sockets.add(far);
      start(() -> carry(near, far));
      start(() -> carry(far, near));
      if (opened.isClosed()) {
        cut(); // what came in the same moment
      }
    }
  }

  private static void carry(Socket from, Socket to) throws IOException {
    try (from;
        to) {
      from.setTcpNoDelay(true);
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
    }
  }

  private interface Task {
    void run() throws IOException;
  }

  private static void start(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException cut) {
                Thread.currentThread().interrupt(); // it ends
              }
            },
            "cable");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    cut();
  }
}
