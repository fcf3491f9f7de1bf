package mqttsn.gateway.admin;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mqttsn.codec.MessageType;
import mqttsn.daemon.net.EnumCounts;
import mqttsn.gateway.net.Counters;

/** Messages a second over the last five minutes, counted every two seconds. */
final class RateHistory {

  static final int INTERVAL_SECONDS = 2;
  private static final int MAX_SAMPLES = 5 * 60 / INTERVAL_SECONDS;

  /** Messages in one interval. */
  record Sample(long in, long out) {}

  private final Counters counters;
  private final Deque<Sample> samples = new ArrayDeque<>();
  private long in;
  private long out;

  RateHistory(Counters counters) {
    this.counters = counters;
    in = total(counters.received());
    out = total(counters.sent());
  }

  /** Counts as long as the loop turns. */
  void begin(EventLoop loop) {
    var unused =
        loop.scheduleAtFixedRate(
            this::sample, INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
  }

  /** Ends an interval. */
  synchronized void sample() {
    long nowIn = total(counters.received());
    long nowOut = total(counters.sent());
    samples.addLast(new Sample(nowIn - in, nowOut - out));
    if (samples.size() > MAX_SAMPLES) {
      samples.removeFirst();
    }
    in = nowIn;
    out = nowOut;
  }

  /** From any thread. */
  synchronized List<Sample> oldestFirst() {
    return new ArrayList<>(samples);
  }

  static long total(EnumCounts<MessageType> counts) {
    long total = 0;
    for (MessageType type : MessageType.values()) {
      total += counts.of(type);
    }
    return total;
  }
}
