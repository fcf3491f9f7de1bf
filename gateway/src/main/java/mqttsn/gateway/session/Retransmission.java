package mqttsn.gateway.session;

import mqttsn.codec.Publish;
import mqttsn.codec.ToClient;
import org.jspecify.annotations.Nullable;

/**
 * The message that the client has not answered: sent again after T_retry, N_retry times (SI-18).
 * One at a time.
 */
final class Retransmission {

  private final SessionContext context;
  private @Nullable ToClient unanswered;
  private int retries;
  private long retryAt = Time.NEVER;

  Retransmission(SessionContext context) {
    this.context = context;
  }

  /** What waits for its answer; null for nothing. */
  @Nullable ToClient unanswered() {
    return unanswered;
  }

  /** When {@link #timeout} is due. */
  long deadline() {
    return retryAt;
  }

  /** Sends a request, and waits for its answer from now on. */
  void send(ToClient request, long now) {
    retries = 0;
    sendOnce(request, now);
  }

  /** Goes on where a record ends: sends it again as soon as the client listens. */
  void restore(ToClient request, long now) {
    unanswered = request;
    retryAt = now;
  }

  /** The client is back and may have missed it: it has all retries before it again. */
  void resume(long now) {
    retries = 0;
    sendAgain(now);
  }

  /** The client answers, but not yet as it should: it is asked again without counting. */
  void answeredForNow() {
    retries = 0;
  }

  /** The answer is there, or not awaited any more. */
  void end() {
    unanswered = null;
    retryAt = Time.NEVER;
  }

  /** The client does not listen: nothing is sent until {@link #resume}. */
  void pause() {
    retryAt = Time.NEVER;
  }

  /**
   * Sends again what was not answered.
   *
   * @return false when it was sent often enough: the client does not answer
   */
  boolean timeout(long now) {
    if (now < retryAt) {
      return true;
    }
    if (retries >= context.settings().sessions().nRetry()) {
      retryAt = Time.NEVER;
      return false;
    }
    retries++;
    sendAgain(now);
    return true;
  }

  private void sendAgain(long now) {
    ToClient request = unanswered;
    if (request != null) {
      context.act(Action.Tally.RETRANSMISSION);
      sendOnce(request instanceof Publish publish ? asDuplicate(publish) : request, now);
    }
  }

  private void sendOnce(ToClient request, long now) {
    unanswered = request;
    retryAt = Time.after(now, context.settings().sessions().tRetryNanos());
    context.toClient(request);
  }

  private static Publish asDuplicate(Publish publish) {
    return new Publish(
        true, publish.qos(), publish.retain(), publish.topic(), publish.msgId(), publish.data());
  }
}
