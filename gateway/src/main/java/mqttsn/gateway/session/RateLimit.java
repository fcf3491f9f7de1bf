package mqttsn.gateway.session;

/** A token bucket that holds one second's worth of tokens. */
final class RateLimit {

  private final int perSecond;
  private double tokens;
  private long filledAt;

  /**
   * A full bucket.
   *
   * @param perSecond how many are admitted a second, and at once, at least 1
   */
  RateLimit(int perSecond, long now) {
    this.perSecond = perSecond;
    this.tokens = perSecond;
    this.filledAt = now;
  }

  /** Takes a token, if there is one. */
  boolean admit(long now) {
    tokens = Math.min(perSecond, tokens + (now - filledAt) / (double) Time.SECOND * perSecond);
    filledAt = now;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
