package mqttsn.gateway.broker;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mqttsn.gateway.config.MqttVersion;
import mqttsn.gateway.session.Action.Farewell;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLimits;
import org.jspecify.annotations.Nullable;

/**
 * One try to reach CONNACK at one URL, within one time limit: first in MQTT 5, and, if the broker
 * does not understand that, over a second connection in MQTT 3.1.1.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class Attempt implements MqttConnection.Owner {

  /** How it ended. */
  sealed interface Outcome {
    record Connected(MqttConnection connection, boolean sessionPresent, BrokerLimits limits)
        implements Outcome {}

    /** CONNACK refused. */
    record Refused(ReasonCodes.Scope scope, String why) implements Outcome {}

    /** No CONNACK. */
    record Failed(String why) implements Outcome {}
  }

  /** Told once, unless the attempt is abandoned. */
  interface Observer {
    void ended(Attempt attempt, Outcome outcome);
  }

  private final Shell shell;
  private final BrokerTransport transport;
  private final Link link;
  private final BrokerConnect connect;
  private final UrlHealth url;
  private final Observer observer;
  private final long beginNanos;
  private final long timeoutNanos;
  private final boolean mayFallBack;

  private boolean version5;
  private @Nullable Promise<Channel> channel;
  private @Nullable MqttConnection connection;
  private @Nullable Future<?> timer;
  private boolean over;

  Attempt(
      Shell shell,
      BrokerTransport transport,
      Link link,
      BrokerConnect connect,
      UrlHealth url,
      long timeoutNanos,
      Observer observer) {
    this.shell = shell;
    this.transport = transport;
    this.link = link;
    this.connect = connect;
    this.url = url;
    this.timeoutNanos = timeoutNanos;
    this.observer = observer;
    this.beginNanos = shell.now();
    this.mayFallBack = shell.settings().mqttVersion().equals(MqttVersion.MQTT_5);
    this.version5 = mayFallBack && url.speaksVersion5(beginNanos);
  }

  Link link() {
    return link;
  }

  UrlHealth url() {
    return url;
  }

  long beginNanos() {
    return beginNanos;
  }

  void start() {
    timer = shell.loop().schedule(this::timeUp, timeoutNanos, TimeUnit.NANOSECONDS);
    reach();
  }

  /** Stops without telling the observer; completes when the broker has seen the end. */
  @Nullable Future<Void> abandon(Farewell farewell) {
    over();
    if (connection == null) {
      return null;
    }
    connection.end(farewell);
    return connection.closed();
  }

  @Override
  public void accepted(boolean sessionPresent, BrokerLimits limits) {
    rememberVersion();
    MqttConnection accepted = connection;
    if (accepted != null && !over) {
      end(new Outcome.Connected(accepted, sessionPresent, limits));
    }
  }

  @Override
  public void refused(ReasonCodes.Scope scope, String why) {
    if (scope == ReasonCodes.Scope.VERSION && version5) {
      fallBack();
      return;
    }
    rememberVersion();
    end(new Outcome.Refused(scope, why));
  }

  @Override
  public void lost(String why, boolean takenOver) {
    // Some brokers of MQTT 3.1.1 just close on what they do not understand.
    if (version5) {
      fallBack();
    } else {
      end(new Outcome.Failed(why));
    }
  }

  @Override
  public void happened(BrokerEvent event) {
    throw new IllegalStateException(event + " before CONNACK");
  }

  private void reach() {
    Promise<Channel> reached = shell.loop().newPromise();
    channel = reached;
    reached.addListener(
        (Future<Channel> done) -> {
          if (!over && channel == done) {
            reached(done);
          }
        });
    long leftNanos = Math.max(1, timeoutNanos - (shell.now() - beginNanos));
    transport.connect(url.url(), Duration.ofNanos(leftNanos), reached);
  }

  private void reached(Future<Channel> done) {
    if (done.isSuccess()) {
      connection = MqttConnection.connect(shell, done.getNow(), version5, connect, this);
    } else {
      end(new Outcome.Failed(Failures.words(done.cause())));
    }
  }

  private void fallBack() {
    if (over) {
      return;
    }
    version5 = false;
    connection = null;
    reach();
  }

  private void rememberVersion() {
    if (mayFallBack && !version5 && !over) {
      url.speaksOnly311(shell.now());
    }
  }

  private void timeUp() {
    boolean reached = connection != null;
    if (connection != null) {
      connection.abandon();
    }
    String what = reached ? "no CONNACK" : "no connection";
    end(new Outcome.Failed(what + " within " + Duration.ofNanos(timeoutNanos).toMillis() + " ms"));
  }

  private void end(Outcome outcome) {
    if (!over) {
      over();
      observer.ended(this, outcome);
    }
  }

  private void over() {
    over = true;
    if (timer != null) {
      timer.cancel(false);
    }
    if (channel != null) {
      channel.cancel(false);
    }
  }
}
