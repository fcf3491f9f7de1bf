package mqttsn.gateway.broker;

import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.session.Action.Farewell;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerConnect.Attempts;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLimits;
import mqttsn.gateway.session.BrokerLink;
import org.jspecify.annotations.Nullable;

/**
 * One link over all its connections: at most one of them lives, and one more may be ending.
 *
 * <p>A lost connection is replaced at once, but for one that was lost soon after it was opened, as
 * when two gateways take a ClientId from each other: then the link rests first, longer each time,
 * unless its client connects. A shared link does not rest: which message ends its connection is
 * seen best while little else waits.
 */
final class Link implements MqttConnection.Owner {

  private enum Phase {
    /** Nobody wants a connection. */
    CLOSED,
    /** Wanted, as soon as the broker has seen the end of the one before and the link has rested. */
    HELD,
    /** Waiting for its turn to connect, or connecting. */
    CONNECTING,
    OPEN
  }

  /** A connection that is lost later than that after it was opened is no reason to rest. */
  private static final long SOON_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final BrokerLink name;
  private final BrokerLinks links;
  private final Connects connects;
  private final Shell shell;

  private Phase phase = Phase.CLOSED;
  private @Nullable BrokerConnect connect;
  private @Nullable MqttConnection connection;
  private @Nullable UrlHealth url;
  private long openedNanos;
  private @Nullable Future<Void> ending;

  /** How many connections in a row were lost soon. */
  private int lostSoon;

  private @Nullable Future<?> rest;

  /** What {@link Connects} keeps with a link while it connects. */
  final Connects.Progress progress = new Connects.Progress();

  Link(BrokerLink name, BrokerLinks links, Connects connects, Shell shell) {
    this.name = name;
    this.links = links;
    this.connects = connects;
    this.shell = shell;
  }

  void open(BrokerConnect wanted) {
    if (phase != Phase.CLOSED) {
      throw new IllegalStateException(name + " is open already");
    }
    connect = wanted;
    if (wanted.attempts() == Attempts.ONE_ROUND) {
      cancelRest();
    }
    if (ending != null || rest != null) {
      phase = Phase.HELD;
    } else {
      begin(wanted);
    }
  }

  void send(BrokerCommand command) {
    if (connection != null) {
      connection.send(command);
    } else {
      shell.counters().unsendable++;
    }
  }

  void close(Farewell farewell) {
    Phase before = phase;
    phase = Phase.CLOSED;
    connect = null;
    switch (before) {
      case CLOSED, HELD -> {}
      case CONNECTING -> awaitEnd(connects.cancel(this, farewell));
      case OPEN -> {
        MqttConnection open = disconnected();
        open.end(farewell);
        awaitEnd(open.closed());
      }
    }
    forgetIfDone();
  }

  /** Leaves an open connection for a better URL; the broker keeps the session. */
  void moveAway(String why) {
    MqttConnection left = disconnected();
    phase = Phase.CLOSED;
    connect = null;
    shell.counters().moves++;
    left.end(Farewell.KEEP_SESSION);
    awaitEnd(left.closed());
    forgetIfDone();
    links.tell(name, new BrokerEvent.Lost(why));
  }

  /** Where the link is connected to; null while it is not. */
  @Nullable UrlHealth url() {
    return url;
  }

  boolean isOpen() {
    return phase == Phase.OPEN;
  }

  boolean isConnecting() {
    return phase == Phase.CONNECTING || phase == Phase.HELD;
  }

  /** Where the link is connected to; null while it is not. */
  BrokerStatus.@Nullable Own status() {
    if (url == null || connection == null) {
      return null;
    }
    Duration age = Duration.ofNanos(shell.now() - openedNanos);
    return new BrokerStatus.Own(url.url(), connection.isVersion5() ? 5 : 4, age);
  }

  /** CONNACK of {@code opened} accepted. */
  void connected(MqttConnection opened, UrlHealth at, boolean sessionPresent, BrokerLimits limits) {
    phase = Phase.OPEN;
    connection = opened;
    url = at;
    url.connections++;
    openedNanos = shell.now();
    opened.owner(this);
    links.tell(name, new BrokerEvent.Connected(sessionPresent, limits));
  }

  /** No URL of the round led to a connection. */
  void refusedByAll(ReturnCode returnCode, String why) {
    phase = Phase.CLOSED;
    connect = null;
    forgetIfDone();
    links.tell(name, new BrokerEvent.Refused(returnCode, why));
  }

  @Override
  public void happened(BrokerEvent event) {
    links.tell(name, event);
  }

  @Override
  public void lost(String why, boolean takenOver) {
    UrlHealth at = url;
    if (phase != Phase.OPEN || at == null) {
      return;
    }
    phase = Phase.CLOSED;
    connect = null;
    disconnected();
    shell.counters().losses++;
    if (name.isOfOneClient() && shell.now() - openedNanos < SOON_NANOS) {
      lostSoon++;
      rest = shell.loop().schedule(this::endRest, at.backOffNanos(lostSoon), TimeUnit.NANOSECONDS);
    } else {
      lostSoon = 0;
    }
    forgetIfDone();
    links.tell(name, new BrokerEvent.Lost(why, takenOver));
  }

  /** Rests no longer. */
  void endRest() {
    cancelRest();
    goOn();
  }

  private void cancelRest() {
    if (rest != null) {
      rest.cancel(false);
      rest = null;
    }
  }

  @Override
  public void accepted(boolean sessionPresent, BrokerLimits limits) {
    throw new IllegalStateException("a second CONNACK");
  }

  @Override
  public void refused(ReasonCodes.Scope scope, String why) {
    throw new IllegalStateException("a second CONNACK");
  }

  private void begin(BrokerConnect wanted) {
    phase = Phase.CONNECTING;
    connects.connect(this, wanted);
  }

  private MqttConnection disconnected() {
    MqttConnection was = connection;
    UrlHealth at = url;
    if (was == null || at == null) {
      throw new IllegalStateException(name + " is not connected");
    }
    at.connections--;
    connection = null;
    url = null;
    return was;
  }

  private void awaitEnd(@Nullable Future<Void> closed) {
    if (closed != null) {
      ending = closed;
      closed.addListener(done -> ended());
    }
  }

  private void ended() {
    ending = null;
    goOn();
  }

  private void goOn() {
    if (phase == Phase.HELD && connect != null && ending == null && rest == null) {
      begin(connect);
    }
    forgetIfDone();
  }

  private void forgetIfDone() {
    if (phase == Phase.CLOSED && ending == null && rest == null) {
      links.forget(name);
    }
  }
}
