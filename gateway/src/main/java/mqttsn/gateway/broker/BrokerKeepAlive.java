package mqttsn.gateway.broker;

import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an MQTT connection alive, and finds out when it is not: PINGREQ after a silence, and how
 * long its answer may take. One timer; packets do not touch it.
 */
final class BrokerKeepAlive {

  private final Shell shell;
  private final Runnable pingReq;
  private final Consumer<String> dead;
  private final PingReqs pingReqs = new PingReqs();
  private long keepAliveNanos;
  private long lastWriteNanos;
  private long lastReadNanos;
  private @Nullable Future<?> timer;

  /**
   * @param pingReq sends PINGREQ
   * @param dead told once, with the reason, that nobody answers
   */
  BrokerKeepAlive(Shell shell, Runnable pingReq, Consumer<String> dead) {
    this.shell = shell;
    this.pingReq = pingReq;
    this.dead = dead;
    this.lastWriteNanos = shell.now();
    this.lastReadNanos = lastWriteNanos;
  }

  /**
   * The connection is open.
   *
   * @param silenceNanos the keep alive that the broker agreed to; 0 for none
   */
  void begin(long silenceNanos) {
    keepAliveNanos = silenceNanos;
    watchLater(keepAliveNanos);
  }

  void end() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  void wrote(long now) {
    lastWriteNanos = now;
  }

  /** Whatever the broker sent, it is there. */
  void heard(long now) {
    lastReadNanos = now;
    pingReqs.brokerIsThere();
  }

  /** The core sends a PINGREQ of its own. */
  void coreAsks() {
    pingReqs.sent(shell.now(), true);
  }

  /** Takes a PINGRESP; whether the core asked for it. */
  boolean answered() {
    return pingReqs.answered();
  }

  /** Finds out now whether anybody is there. */
  void ping() {
    pingReqs.sent(shell.now(), false);
    pingReq.run();
  }

  private void watch() {
    long now = shell.now();
    long answerNanos = shell.settings().connectTimeout().toNanos();
    long unanswered = pingReqs.unansweredNanos(now);
    if (unanswered >= answerNanos) {
      dead.accept("no answer to PINGREQ for " + TimeUnit.NANOSECONDS.toMillis(unanswered) + " ms");
      return;
    }
    // Whoever only sends learns from a PINGREQ whether anybody is there; whoever only receives is
    // expected to send one.
    long idle = now - Math.min(lastWriteNanos, lastReadNanos);
    if (unanswered < 0 && idle >= keepAliveNanos) {
      watchLater(answerNanos);
      ping();
    } else {
      watchLater(unanswered >= 0 ? answerNanos - unanswered : keepAliveNanos - idle);
    }
  }

  private void watchLater(long delayNanos) {
    if (keepAliveNanos > 0) {
      timer = shell.loop().schedule(this::watch, Math.max(delayNanos, 1), TimeUnit.NANOSECONDS);
    }
  }
}
