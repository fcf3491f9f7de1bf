package mqttsn.gateway.broker;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import mqttsn.gateway.config.BrokerUrl;
import org.tinylog.Logger;

/** What all links know of one URL: whether it works, when to try it again, what it speaks. */
@SuppressWarnings("FutureReturnValueIgnored")
final class UrlHealth {

  private static final long FIRST_BACK_OFF_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long MAX_BACK_OFF_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** For how long a URL that failed is tried after the others. */
  private static final long LAST_IN_ROUND_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** How long it is remembered that a broker does not speak MQTT 5; it may be updated one day. */
  private static final long ONLY_311_NANOS = TimeUnit.HOURS.toNanos(1);

  /** Least time between two log lines about the same URL. */
  private static final long LOG_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final BrokerUrl url;
  private final Shell shell;
  private final RandomGenerator jitter;

  /** Open connections. */
  int connections;

  /** Attempts under way. */
  int attempts;

  private BrokerStatus.Health health = BrokerStatus.Health.UNKNOWN;
  private String lastFailure = "";
  private int failures;
  private long failedNanos;
  private long notBeforeNanos;
  private boolean speaksOnly311;
  private long only311Nanos;

  private BrokerStatus.Health logged = BrokerStatus.Health.UNKNOWN;
  private long loggedNanos;
  private boolean isLogScheduled;
  private long refusalLoggedNanos;
  private long refusalsNotLogged = -1;

  UrlHealth(BrokerUrl url, Shell shell, RandomGenerator jitter) {
    this.url = url;
    this.shell = shell;
    this.jitter = jitter;
  }

  BrokerUrl url() {
    return url;
  }

  BrokerStatus.Url status() {
    return new BrokerStatus.Url(url, health, connections, lastFailure);
  }

  /** Whether the next attempt goes here before it goes to a URL that is not. */
  boolean isGood(long now) {
    return failures == 0 || (attempts == 0 && now - failedNanos >= LAST_IN_ROUND_NANOS);
  }

  /** Whether a link that has time may try: a URL that fails is probed by one link at a time. */
  boolean mayRetry(long now) {
    return failures == 0 || (attempts == 0 && now - notBeforeNanos >= 0);
  }

  /** How long until {@link #mayRetry}, as far as that is a matter of time. */
  long retryInNanos(long now) {
    return failures == 0 ? 0 : Math.max(0, notBeforeNanos - now);
  }

  /** The broker answered with a CONNACK. */
  void answered(long now) {
    failures = 0;
    lastFailure = "";
    health = BrokerStatus.Health.UP;
    log(now);
  }

  /** It can be reached again; whether the broker answers there is yet to be seen. */
  void reachable() {
    failures = 0;
  }

  /** An attempt that began at {@code begin} ended without CONNACK, or the broker takes nobody. */
  void failed(long begin, long now, String why) {
    lastFailure = why;
    // Attempts that ran side by side failed for one reason.
    if (failures == 0 || begin - failedNanos > 0) {
      failures++;
      failedNanos = now;
      notBeforeNanos = now + backOffNanos(failures);
    }
    health = BrokerStatus.Health.DOWN;
    log(now);
  }

  /** 250 ms, doubled with each failure up to 5 s; from half of that to all of it. */
  long backOffNanos(int failures) {
    long most = MAX_BACK_OFF_NANOS;
    int doublings = failures - 1;
    if (doublings < 10) {
      most = Math.min(most, FIRST_BACK_OFF_NANOS << doublings);
    }
    return most / 2 + jitter.nextLong(most / 2);
  }

  boolean speaksVersion5(long now) {
    return !speaksOnly311 || now - only311Nanos >= ONLY_311_NANOS;
  }

  void speaksOnly311(long now) {
    if (speaksVersion5(now)) {
      Logger.info("broker {} does not speak MQTT 5: going on with MQTT 3.1.1", url);
    }
    speaksOnly311 = true;
    only311Nanos = now;
  }

  /** The broker is there, but does not want a client. */
  void refused(long now, String clientId, String why) {
    if (refusalsNotLogged >= 0 && now - refusalLoggedNanos < LOG_INTERVAL_NANOS) {
      refusalsNotLogged++;
      return;
    }
    String others = refusalsNotLogged > 0 ? " (and " + refusalsNotLogged + " more before)" : "";
    Logger.warn("broker {} refuses client {}: {}{}", url, Failures.oneLine(clientId), why, others);
    refusalsNotLogged = 0;
    refusalLoggedNanos = now;
  }

  /** One line when the URL comes up or goes down, however many links see it. */
  private void log(long now) {
    if (logged == health || isLogScheduled) {
      return;
    }
    long since = now - loggedNanos;
    if (logged != BrokerStatus.Health.UNKNOWN && since < LOG_INTERVAL_NANOS) {
      isLogScheduled = true;
      shell.loop().schedule(this::logLater, LOG_INTERVAL_NANOS - since, TimeUnit.NANOSECONDS);
      return;
    }
    logged = health;
    loggedNanos = now;
    if (health == BrokerStatus.Health.UP) {
      Logger.info("broker {} is up", url);
    } else {
      Logger.warn("broker {} is down: {}", url, lastFailure);
    }
  }

  private void logLater() {
    isLogScheduled = false;
    log(shell.now());
  }
}
