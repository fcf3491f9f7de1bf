package mqttsn.gateway.broker;

import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.config.BrokerUrl;
import mqttsn.gateway.session.Action.Farewell;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerConnect.Attempts;
import org.jspecify.annotations.Nullable;

/**
 * Who may connect when, and where to.
 *
 * <p>Links wait in the order in which they came, those with one round before those that have time.
 * A URL that fails is probed by one of the patient links at a time, with back-off; the first
 * success lets all others go, at the pace.
 */
final class Connects implements Attempt.Observer {

  /**
   * Time for all URLs of one round, so that it ends before a client with a t-retry of 10 s asks
   * again.
   */
  static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(9);

  private static final int MAX_ATTEMPTS = 64;

  /** Some attempts stay free for new clients while many old ones come back to a slow broker. */
  private static final int MAX_PATIENT_ATTEMPTS = 48;

  private static final int ATTEMPTS_PER_SECOND = 1_000;
  private static final int BURST = 50;

  /** What a link is doing here. */
  static final class Progress {
    private @Nullable BrokerConnect connect;
    private @Nullable Attempt attempt;
    private @Nullable Future<?> backOff;

    /** The end of the round, and the URLs that it has not tried; only with one round. */
    private long deadlineNanos;

    private final Queue<UrlHealth> untried = new ArrayDeque<>(1);

    /** How often in a row a broker refused this client. */
    private int refusals;
  }

  private final Shell shell;
  private final Map<BrokerUrl.Scheme, BrokerTransport> transports;
  private final List<UrlHealth> urls = new ArrayList<>();
  private final Pace pace;
  private @Nullable Homeward homeward;
  private final Set<Link> hasty = new LinkedHashSet<>();
  private final Set<Link> patient = new LinkedHashSet<>();

  private int attempts;
  private boolean isWoken;
  private @Nullable Future<?> alarm;

  Connects(Shell shell, Map<BrokerUrl.Scheme, BrokerTransport> transports, RandomGenerator jitter) {
    this.shell = shell;
    this.transports = transports;
    this.pace = new Pace(ATTEMPTS_PER_SECOND, BURST, shell.now());
    for (BrokerUrl url : shell.settings().urls()) {
      urls.add(new UrlHealth(url, shell, jitter));
    }
  }

  /**
   * Has {@code link} told of {@link Link#connected} or {@link Link#refusedByAll}, in a later turn.
   */
  void connect(Link link, BrokerConnect connect) {
    link.progress.connect = connect;
    link.progress.refusals = 0;
    if (connect.attempts() == Attempts.ONE_ROUND) {
      link.progress.deadlineNanos = shell.now() + ROUND_NANOS;
      hasty.add(link);
    } else {
      patient.add(link);
    }
    wake();
  }

  /**
   * Forgets a link; completes when the broker has seen the end of what was under way, if anything.
   */
  @Nullable Future<Void> cancel(Link link, Farewell farewell) {
    hasty.remove(link);
    patient.remove(link);
    Progress progress = link.progress;
    progress.connect = null;
    if (progress.backOff != null) {
      progress.backOff.cancel(false);
      progress.backOff = null;
    }
    Attempt attempt = progress.attempt;
    if (attempt == null) {
      return null;
    }
    leave(attempt);
    return attempt.abandon(farewell);
  }

  List<UrlHealth> health() {
    return urls;
  }

  /** Has {@code listener} told what CONNECTs at a URL come to. */
  void homeward(Homeward listener) {
    homeward = listener;
  }

  List<BrokerStatus.Url> urls() {
    return urls.stream().map(UrlHealth::status).toList();
  }

  int attempts() {
    return attempts;
  }

  @Override
  public void ended(Attempt attempt, Attempt.Outcome outcome) {
    leave(attempt);
    Link link = attempt.link();
    UrlHealth url = attempt.url();
    long now = shell.now();
    if (outcome instanceof Attempt.Outcome.Connected connected) {
      url.answered(now);
      if (homeward != null) {
        homeward.answered(url);
      }
      connected(link, url, connected);
    } else if (outcome instanceof Attempt.Outcome.Refused refused) {
      shell.counters().refusals++;
      if (refused.scope() == ReasonCodes.Scope.BROKER) {
        url.failed(attempt.beginNanos(), now, refused.why());
        goOn(link, refused.why());
      } else {
        url.answered(now);
        refused(link, url, refused);
      }
    } else if (outcome instanceof Attempt.Outcome.Failed failed) {
      shell.counters().failedAttempts++;
      if (homeward != null) {
        homeward.failed(url);
      }
      url.failed(attempt.beginNanos(), now, failed.why());
      goOn(link, url.url() + ": " + failed.why());
    }
  }

  private void connected(Link link, UrlHealth url, Attempt.Outcome.Connected connected) {
    shell.counters().connects++;
    if (connectOf(link).attempts() == Attempts.UNTIL_CLOSED) {
      shell.counters().countReconnect();
    }
    link.progress.connect = null;
    link.connected(connected.connection(), url, connected.sessionPresent(), connected.limits());
  }

  /** The broker is well, but does not take this client. */
  private void refused(Link link, UrlHealth url, Attempt.Outcome.Refused refused) {
    url.refused(shell.now(), connectOf(link).clientId(), refused.why());
    if (connectOf(link).attempts() == Attempts.ONE_ROUND) {
      boolean mayPass = refused.scope() == ReasonCodes.Scope.CLIENT_FOR_NOW;
      giveUp(link, mayPass ? ReturnCode.CONGESTION : ReturnCode.NOT_SUPPORTED, refused.why());
      return;
    }
    long delayNanos = url.backOffNanos(++link.progress.refusals);
    link.progress.backOff =
        shell
            .loop()
            .schedule(
                () -> {
                  link.progress.backOff = null;
                  patient.add(link);
                  wake();
                },
                delayNanos,
                TimeUnit.NANOSECONDS);
  }

  /** The URL failed: on to the next one, now or later. */
  private void goOn(Link link, String why) {
    if (connectOf(link).attempts() == Attempts.UNTIL_CLOSED) {
      patient.add(link);
      return;
    }
    UrlHealth next = link.progress.untried.poll();
    if (next == null || shell.now() - link.progress.deadlineNanos >= 0) {
      giveUp(link, ReturnCode.CONGESTION, why);
    } else {
      startRound(link, next);
    }
  }

  private void giveUp(Link link, ReturnCode returnCode, String why) {
    link.progress.connect = null;
    link.progress.untried.clear();
    link.refusedByAll(returnCode, why);
  }

  private void wake() {
    if (!isWoken) {
      isWoken = true;
      shell.loop().execute(this::admit);
    }
  }

  /** Starts what may start now, and sets the alarm for the next time that something may. */
  private void admit() {
    isWoken = false;
    long now = shell.now();
    refuseLate(now);
    while (attempts < MAX_ATTEMPTS && pace.waitNanos(now) == 0) {
      Link link = first(hasty);
      if (link != null) {
        hasty.remove(link);
        UrlHealth url = beginRound(link, now);
        pace.take(now);
        startRound(link, url);
        continue;
      }
      UrlHealth url = attempts < MAX_PATIENT_ATTEMPTS ? urlForPatient(now) : null;
      link = first(patient);
      if (link == null || url == null) {
        break;
      }
      patient.remove(link);
      pace.take(now);
      start(link, url, shell.settings().connectTimeout().toNanos());
    }
    setAlarm(now);
  }

  private void refuseLate(long now) {
    for (Link link = first(hasty);
        link != null && now - link.progress.deadlineNanos >= 0;
        link = first(hasty)) {
      hasty.remove(link);
      giveUp(link, ReturnCode.CONGESTION, "too many connects wait for the broker");
    }
  }

  /** Good URLs first, then the others; each once. */
  private UrlHealth beginRound(Link link, long now) {
    Queue<UrlHealth> round = link.progress.untried;
    round.clear();
    for (UrlHealth url : urls) {
      if (url.isGood(now)) {
        round.add(url);
      }
    }
    for (UrlHealth url : urls) {
      if (!url.isGood(now)) {
        round.add(url);
      }
    }
    return round.remove();
  }

  private void startRound(Link link, UrlHealth url) {
    long left = link.progress.deadlineNanos - shell.now();
    long share = left / (link.progress.untried.size() + 1);
    start(link, url, Math.min(share, shell.settings().connectTimeout().toNanos()));
  }

  private @Nullable UrlHealth urlForPatient(long now) {
    for (UrlHealth url : urls) {
      if (url.isGood(now)) {
        return url;
      }
    }
    for (UrlHealth url : urls) {
      if (url.mayRetry(now)) {
        return url;
      }
    }
    return null;
  }

  private void start(Link link, UrlHealth url, long timeoutNanos) {
    attempts++;
    url.attempts++;
    Attempt attempt =
        new Attempt(shell, transport(url), link, connectOf(link), url, timeoutNanos, this);
    link.progress.attempt = attempt;
    attempt.start();
  }

  BrokerTransport transport(UrlHealth url) {
    BrokerTransport transport = transports.get(url.url().scheme());
    if (transport == null) {
      throw new IllegalStateException("no transport for " + url.url());
    }
    return transport;
  }

  private void leave(Attempt attempt) {
    attempts--;
    attempt.url().attempts--;
    attempt.link().progress.attempt = null;
    wake();
  }

  /** Wakes when time alone can change something; the end of an attempt wakes anyway. */
  private void setAlarm(long now) {
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
    long wait = Long.MAX_VALUE;
    Link late = first(hasty);
    if (late != null) {
      wait = Math.min(wait, late.progress.deadlineNanos - now);
    }
    if (attempts < MAX_ATTEMPTS && late != null) {
      wait = Math.min(wait, pace.waitNanos(now));
    }
    if (attempts < MAX_PATIENT_ATTEMPTS && !patient.isEmpty()) {
      long url = Long.MAX_VALUE;
      for (UrlHealth each : urls) {
        if (each.attempts == 0 || each.isGood(now)) {
          url = Math.min(url, each.retryInNanos(now));
        }
      }
      wait = Math.min(wait, Math.max(url, pace.waitNanos(now)));
    }
    if (wait != Long.MAX_VALUE) {
      alarm = shell.loop().schedule(this::admit, Math.max(wait, 1), TimeUnit.NANOSECONDS);
    }
  }

  private static BrokerConnect connectOf(Link link) {
    BrokerConnect connect = link.progress.connect;
    if (connect == null) {
      throw new IllegalStateException("a link that does not connect");
    }
    return connect;
  }

  private static @Nullable Link first(Set<Link> links) {
    Iterator<Link> iterator = links.iterator();
    return iterator.hasNext() ? iterator.next() : null;
  }
}
