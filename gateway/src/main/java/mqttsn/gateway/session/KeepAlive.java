package mqttsn.gateway.session;

/**
 * The keep-alive supervision of a client (§6.11): when it was heard last, and for how long its
 * silence is borne.
 */
final class KeepAlive {

  private final SessionContext context;
  private int durationSeconds;
  private long lastHeard;

  KeepAlive(SessionContext context, long now) {
    this.context = context;
    this.lastHeard = now;
  }

  /** The Duration of the last CONNECT; 0 for none. */
  int durationSeconds() {
    return durationSeconds;
  }

  /** CONNECT, or a record of it: the client was heard then. */
  void begin(int newDurationSeconds, long heardAt) {
    durationSeconds = newDurationSeconds;
    lastHeard = heardAt;
  }

  /** A sign of life. */
  void heard(long now) {
    lastHeard = now;
  }

  /** How long the client has been silent at this time. */
  long silentNanos(long at) {
    return at - lastHeard;
  }

  /** When an active client has been silent for too long. */
  long ends() {
    return Time.after(
        lastHeard,
        durationSeconds == 0
            ? context.settings().sessions().idleLimitNanos() // SI-4
            : Time.tolerated(durationSeconds));
  }

  /** When what a client left behind is kept no longer. */
  long expires() {
    return Time.after(lastHeard, context.settings().sessions().expiryNanos());
  }
}
