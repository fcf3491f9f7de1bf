package mqttsn.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import mqttsn.codec.Advertise;
import mqttsn.codec.Decoded;
import mqttsn.codec.Decoder;
import mqttsn.codec.Encapsulated;
import mqttsn.codec.GwInfo;
import mqttsn.codec.Legible;
import mqttsn.codec.Reject;
import mqttsn.codec.SearchGw;
import mqttsn.codec.Unusable;
import mqttsn.gateway.net.Counters.QueueCount;
import mqttsn.gateway.net.Counters.Traffic;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLink;
import mqttsn.gateway.session.ClientAddress;
import mqttsn.gateway.session.Gateway;
import mqttsn.gateway.session.Notice;
import mqttsn.gateway.session.QueueEvent;
import mqttsn.gateway.session.QueuedMessage;
import mqttsn.gateway.session.SessionRecord;
import mqttsn.gateway.session.Settings;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * Drives the core: gives it what arrives and the time, and performs its actions in order. All calls
 * come in the event loop.
 *
 * <p>One input is done before the next begins: a broker event that comes while actions are being
 * performed waits until they all are.
 */
public final class Driver {

  /** Time between two lines in the log about faults of the gateway itself. */
  private static final long FAULT_LOG_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** Changed sessions are written so often, ... */
  private static final int WRITE_INTERVAL_MILLIS = 100;

  /** ... and so many of them at a time. */
  private static final int WRITTEN_AT_ONCE = 1_000;

  private final Gateway gateway;
  private final ClientPort clients;
  private final BrokerPort broker;
  private final Consumer<Notice> operator;
  private final Counters counters;
  private final EventLoop loop;
  private final Queue<BrokerInput> waiting = new ArrayDeque<>();
  private final SessionPort sessions;
  private final QueuePort queue;
  private final OutputCommit output;
  private boolean isPerforming;
  private @Nullable Future<?> timer;
  private long timerDue = Gateway.NEVER;
  private long nextFaultLog;

  private record BrokerInput(BrokerLink link, BrokerEvent event) {}

  /**
   * @param loop gives time and the timer
   * @param operator is told what an operator cares about
   */
  public Driver(
      Gateway gateway,
      UdpShell clients,
      BrokerPort broker,
      Consumer<Notice> operator,
      Counters counters,
      SessionPort sessions,
      QueuePort queue,
      EventLoop loop) {
    this(gateway, (ClientPort) clients, broker, operator, counters, sessions, queue, loop);
  }

  Driver(
      Gateway gateway,
      ClientPort clients,
      BrokerPort broker,
      Consumer<Notice> operator,
      Counters counters,
      SessionPort sessions,
      QueuePort queue,
      EventLoop loop) {
    this.gateway = gateway;
    this.clients = clients;
    this.broker = broker;
    this.operator = operator;
    this.counters = counters;
    this.loop = loop;
    this.sessions = sessions;
    this.queue = queue;
    this.output = new OutputCommit(sessions, this::performAll, this::followUp);
    this.nextFaultLog = now();
  }

  /** The core's time: monotonic nanoseconds. */
  public long now() {
    return loop.ticker().nanoTime();
  }

  /** Gives the core its first input, then opens the sockets. To be called from any thread. */
  public void begin(UdpShell sockets) {
    loop.execute(
        () -> {
          start();
          sockets.open(datagrams());
        });
  }

  void start() {
    input(gateway::start);
    writeBehind();
  }

  /** Goes on with the durable queue of an earlier process; before {@link #restore}. */
  public void restoreQueue(Iterable<QueuedMessage.Summary> messages, long lastNumber) {
    input(
        now -> {
          gateway.restoreQueue(messages, lastNumber, now);
          return List.of();
        });
  }

  /** Goes on with a session of an earlier process; before {@link #begin}. */
  public void restore(SessionRecord session, long downNanos) {
    input(now -> gateway.restore(List.of(session), downNanos, now));
  }

  /** The last input, when another process goes on with the sessions. */
  public void handOver() {
    input(gateway::handOver);
    writeChanged(Integer.MAX_VALUE);
  }

  /** Writes changed sessions down, a few at a time. */
  private void writeBehind() {
    if (sessions.keeps()) {
      writeChanged(WRITTEN_AT_ONCE);
      Future<?> unused =
          loop.schedule(this::writeBehind, WRITE_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void writeChanged(int most) {
    gateway
        .takeChanged(most, now())
        .forEach(
            (clientId, session) ->
                session.ifPresentOrElse(sessions::save, () -> sessions.erase(clientId)));
  }

  /** The last input but what the closing links say. */
  public void stop() {
    input(gateway::stop);
  }

  /** Other settings for the core. */
  public void reconfigure(Settings settings) {
    input(now -> gateway.reconfigure(settings, now));
  }

  /** An event of a link. */
  public void fromBroker(BrokerLink link, BrokerEvent event) {
    if (isPerforming) {
      waiting.add(new BrokerInput(link, event));
    } else {
      brokerInput(link, event);
      followUp();
    }
  }

  /** What the disk side of the durable queue says. */
  public void fromQueue(List<QueueEvent> events) {
    for (QueueEvent event : events) {
      counters.queue().increment(QueueCount.of(event));
    }
    input(now -> gateway.fromQueue(events, now));
  }

  /** What the sockets are to call. */
  Datagrams datagrams() {
    return new Datagrams() {
      @Override
      public void unicast(int listener, InetSocketAddress sender, ByteBuf content) {
        received(listener, sender, Decoder.toGateway(content));
      }

      // Nothing else belongs there; a client that were connected through a group had two gateways.
      @Override
      public void group(int listener, InetSocketAddress sender, ByteBuf content) {
        Decoded decoded = Decoder.toGateway(content);
        if (decoded instanceof SearchGw
            || decoded instanceof Advertise
            || decoded instanceof GwInfo
            || decoded instanceof Reject) {
          received(listener, sender, decoded);
        } else {
          counters.traffic().increment(Traffic.GROUP_IGNORED);
        }
      }
    };
  }

  private void received(int listener, InetSocketAddress sender, Decoded decoded) {
    if (decoded instanceof Reject reject) {
      counters.rejects().increment(reject);
      return;
    }
    Legible message =
        decoded instanceof Encapsulated encapsulated ? encapsulated.message() : (Legible) decoded;
    counters.received().increment(message.type());
    if (message instanceof Unusable unusable) {
      counters.unusables().increment(unusable.reason());
    }
    ClientAddress from = new ClientAddress(listener, sender, null);
    clientInput(from, decoded);
  }

  // The two frequent inputs are calls of their own: one through a function is not inlined.

  private void clientInput(ClientAddress from, Decoded decoded) {
    long now = now();
    List<Action> actions = List.of();
    try {
      actions = gateway.fromClient(from, decoded, now);
    } catch (RuntimeException | StackOverflowError e) {
      fault(e);
    }
    output.perform(actions, now);
    followUp();
  }

  private void brokerInput(BrokerLink link, BrokerEvent event) {
    if (output.isClosing(link)) {
      return;
    }
    long now = now();
    List<Action> actions = List.of();
    try {
      actions = gateway.fromBroker(link, event, now);
    } catch (RuntimeException | StackOverflowError e) {
      fault(e);
    }
    output.perform(actions, now);
  }

  /** Any other input and what it leads to. */
  private void input(LongFunction<List<Action>> core) {
    long now = now();
    List<Action> actions = List.of();
    try {
      actions = core.apply(now);
    } catch (RuntimeException | StackOverflowError e) {
      fault(e);
    }
    output.perform(actions, now);
    followUp();
  }

  private void followUp() {
    for (BrokerInput next = waiting.poll(); next != null; next = waiting.poll()) {
      brokerInput(next.link(), next.event());
    }
    setTimer();
  }

  private void performAll(List<Action> actions, long inputNanos) {
    isPerforming = true;
    for (Action action : actions) {
      try {
        perform(action, inputNanos);
      } catch (RuntimeException | StackOverflowError e) {
        fault(e);
      }
    }
    isPerforming = false;
  }

  private void perform(Action action, long inputNanos) {
    if (action instanceof Action.Send send) {
      clients.send(send.address(), send.message());
    } else if (action instanceof Action.Command command) {
      broker.send(command.link(), command.command());
      if (command.command() instanceof BrokerCommand.Publish) {
        counters.relay().record(now() - inputNanos);
      }
    } else if (action instanceof Action.Broadcast broadcast) {
      clients.broadcast(broadcast.message(), broadcast.radius());
    } else if (action instanceof Action.BroadcastVia broadcast) {
      clients.broadcastVia(broadcast.via(), broadcast.message(), broadcast.radius());
    } else if (action instanceof Action.OpenLink open) {
      broker.open(open.link(), open.connect());
    } else if (action instanceof Action.CloseLink close) {
      broker.close(close.link(), close.farewell());
    } else if (action instanceof Action.Enqueue enqueue) {
      queue.enqueue(enqueue.message());
    } else if (action instanceof Action.Dequeue dequeue) {
      counters.queue().increment(QueueCount.REMOVED);
      queue.dequeue(dequeue.number());
    } else if (action instanceof Action.Release release) {
      queue.release(release.number());
    } else if (action instanceof Action.Fetch fetch) {
      queue.fetch(fetch.numbers());
    } else if (action instanceof Action.Tell tell) {
      counters.notices().increment(tell.notice().event());
      operator.accept(tell.notice());
    } else if (action instanceof Action.Refusal refusal) {
      counters.refusals().increment(refusal);
    } else if (action instanceof Action.Drop drop) {
      counters.drops().increment(drop);
    } else if (action instanceof Action.Tally tally) {
      counters.tallies().increment(tally);
    }
  }

  /**
   * The one timer. It is moved to an earlier time only: a deadline that moves away costs nothing.
   */
  private void setTimer() {
    long deadline = gateway.deadline();
    if (deadline >= timerDue) {
      return;
    }
    if (timer != null) {
      boolean unused = timer.cancel(false);
    }
    timerDue = deadline;
    timer = loop.schedule(this::timeout, Math.max(0, deadline - now()), TimeUnit.NANOSECONDS);
  }

  private void timeout() {
    timer = null;
    timerDue = Gateway.NEVER;
    input(gateway::timeout);
  }

  /** A fault of ours costs the input that it happened in, and no session. */
  private void fault(Throwable fault) {
    counters.traffic().increment(Traffic.FAULTS);
    long now = now();
    if (now - nextFaultLog >= 0) {
      nextFaultLog = now + FAULT_LOG_INTERVAL_NANOS;
      Logger.error(
          fault,
          "fault number {} of the gateway itself; the session goes on",
          counters.traffic().of(Traffic.FAULTS));
    }
  }
}
