package mqttsn.gateway.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import mqttsn.codec.Decoder;
import mqttsn.codec.Encoder;
import mqttsn.codec.ToClient;
import mqttsn.codec.ToGateway;
import org.jspecify.annotations.Nullable;

/** The UDP socket and the one thread of a client, which alone touches its protocol. */
final class ClientSocket implements Runnable {

  private static final int MAX_DATAGRAM_BYTES = 65_535;

  /** How often a delivery that nobody takes looks whether the client was closed. */
  private static final long CLOSE_CHECK_MILLIS = 100;

  private final ClientProtocol protocol;
  private final ClientTrace trace;
  private final BlockingQueue<ClientAction> received;
  private final InetSocketAddress gateway;
  private final DatagramChannel channel;
  private final InetSocketAddress localAddress;
  private final Selector selector;
  private final Thread thread;
  private final long startNanos = System.nanoTime();
  private final ByteBuffer datagram = ByteBuffer.allocate(MAX_DATAGRAM_BYTES);
  private final Queue<Consumer<ClientProtocol>> tasks = new ConcurrentLinkedQueue<>();
  private final Map<Exchange, CompletableFuture<ToClient>> answers = new HashMap<>();

  private volatile ClientState state = ClientState.DISCONNECTED;
  private volatile boolean closed;

  ClientSocket(
      ClientSettings settings,
      InetSocketAddress gateway,
      ClientTrace trace,
      BlockingQueue<ClientAction> received)
      throws IOException {
    this.protocol = new ClientProtocol(settings);
    this.gateway = gateway;
    this.trace = trace;
    this.received = received;
    this.selector = Selector.open();
    this.channel = DatagramChannel.open();
    this.thread = new Thread(this, "mqttsn-client-" + settings.clientId());
    try {
      channel.configureBlocking(false);
      // A connected socket hears of an unreachable port, and of no stranger's datagrams.
      channel.connect(gateway);
      channel.register(selector, SelectionKey.OP_READ);
      this.localAddress = (InetSocketAddress) channel.getLocalAddress();
    } catch (IOException e) {
      closeQuietly();
      throw e;
    }
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  InetSocketAddress localAddress() {
    return localAddress;
  }

  ClientState state() {
    return state;
  }

  CompletableFuture<ToClient> request(Exchange exchange) {
    CompletableFuture<ToClient> answer = new CompletableFuture<>();
    execute(
        protocol -> {
          answers.put(exchange, answer);
          perform(protocol.begin(exchange, now()));
        });
    failIfClosed(answer);
    return answer;
  }

  <T extends @Nullable Object> CompletableFuture<T> call(Function<ClientProtocol, T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    execute(protocol -> answer.complete(question.apply(protocol)));
    failIfClosed(answer);
    return answer;
  }

  /** Runs on the client's thread, soon. */
  void execute(Consumer<ClientProtocol> task) {
    tasks.add(task);
    selector.wakeup();
  }

  /** What was asked for before is still sent. */
  void close() {
    closed = true;
    selector.wakeup();
  }

  @Override
  public void run() {
    try {
      while (!closed) {
        selector.select(millisToDeadline());
        selector.selectedKeys().clear();
        runTasks();
        readAll();
        if (protocol.deadline() <= now()) {
          perform(protocol.timeout(now()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      closed = true;
      runTasks();
      closeQuietly();
      failAll(new ClientException(Failure.CLOSED));
    }
  }

  private void runTasks() {
    for (Consumer<ClientProtocol> task = tasks.poll(); task != null; task = tasks.poll()) {
      task.accept(protocol);
    }
  }

  private void readAll() throws IOException {
    while (!closed) {
      datagram.clear();
      try {
        if (channel.read(datagram) <= 0) {
          return;
        }
      } catch (PortUnreachableException e) {
        perform(protocol.unreachable(now()));
        continue;
      }
      datagram.flip();
      // What is no message for a client is noise on the network.
      if (Decoder.toClient(Unpooled.wrappedBuffer(datagram)) instanceof ToClient message) {
        trace.received(message);
        perform(protocol.received(message, now()));
      }
    }
  }

  private void perform(List<ClientAction> actions) {
    state = protocol.state();
    for (ClientAction action : actions) {
      if (action instanceof ClientAction.Send send) {
        send(send.message());
      } else if (action instanceof ClientAction.Answered answered) {
        CompletableFuture<ToClient> answer = answers.remove(answered.exchange());
        if (answer != null) {
          answer.complete(answered.answer());
        }
      } else if (action instanceof ClientAction.Failed failed) {
        CompletableFuture<ToClient> answer = answers.remove(failed.exchange());
        if (answer != null) {
          answer.completeExceptionally(
              new ClientException(failed.exchange().request().type(), failed.failure()));
        }
      } else {
        deliver(action);
      }
    }
  }

  private void send(ToGateway message) {
    ByteBuf out = Unpooled.buffer(Encoder.encodedLength(message));
    Encoder.encode(message, out);
    trace.sent(message);
    try {
      write(out.nioBuffer());
    } catch (IOException e) {
      failAll(new ClientException("cannot send to " + gateway + ": " + e.getMessage()));
    }
  }

  /** A refusal of an earlier datagram surfaces here too, and says nothing about this one. */
  private void write(ByteBuffer bytes) throws IOException {
    try {
      channel.write(bytes);
    } catch (PortUnreachableException e) {
      channel.write(bytes);
    }
  }

  private void deliver(ClientAction action) {
    try {
      boolean delivered = false;
      while (!delivered && !closed) {
        delivered = received.offer(action, CLOSE_CHECK_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  private void failIfClosed(CompletableFuture<?> answer) {
    if (closed) {
      answer.completeExceptionally(new ClientException(Failure.CLOSED));
    }
  }

  private void failAll(ClientException failure) {
    // A future may begin the next request in turn.
    List<CompletableFuture<ToClient>> waiting = new ArrayList<>(answers.values());
    answers.clear();
    waiting.forEach(answer -> answer.completeExceptionally(failure));
  }

  /** At least 1, for 0 waits without end. */
  private long millisToDeadline() {
    long deadline = protocol.deadline();
    if (deadline == ClientProtocol.NEVER) {
      return 0;
    }
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - now()) + 1);
  }

  private long now() {
    return System.nanoTime() - startNanos;
  }

  private void closeQuietly() {
    try {
      channel.close();
      selector.close();
    } catch (IOException e) {
      // Nothing waits for a socket that is given up.
    }
  }
}
