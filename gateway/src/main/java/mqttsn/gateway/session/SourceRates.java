package mqttsn.gateway.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/**
 * A rate limit for each of many sources.
 *
 * <p>Bounded: of more sources than fit, the least used ones are forgotten and start with a full
 * bucket again.
 *
 * @param <S> what identifies a source
 */
final class SourceRates<S> {

  private static final int MAX_SOURCES = 10_000;

  private final Cache<S, RateLimit> bySource;
  private int perSecond;
  private long now;

  SourceRates(int perSecond, long now) {
    this.perSecond = perSecond;
    this.now = now;
    this.bySource =
        Caffeine.newBuilder()
            .maximumSize(MAX_SOURCES)
            .expireAfterAccess(Duration.ofSeconds(10))
            .ticker(() -> this.now)
            .executor(Runnable::run)
            .build();
  }

  /** Changes the rate; every source starts with a full bucket. */
  void rate(int newPerSecond) {
    if (newPerSecond != perSecond) {
      perSecond = newPerSecond;
      bySource.invalidateAll();
    }
  }

  /** Takes a token of the source, if it has one. */
  boolean admit(S source, long at) {
    now = at;
    RateLimit limit = bySource.getIfPresent(source);
    if (limit == null) {
      limit = new RateLimit(perSecond, at);
      bySource.put(source, limit);
    }
    return limit.admit(at);
  }
}
