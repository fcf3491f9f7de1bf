package mqttsn.gateway.session;

import mqttsn.codec.PingResp;

/**
 * The sleep of a client (§6.14): its supervision, and the awake period from PINGREQ to PINGRESP.
 *
 * <p>The closing PINGRESP leaves when nothing waits any more and the broker had the chance to send
 * what it held back until it got acknowledgements: it is asked with a PINGREQ of MQTT, whose answer
 * comes behind everything sent before (SI-28).
 */
final class SleepCycle {

  private final SessionContext context;
  private final Uplink uplink;
  private final GatewayPublish gatewayPublish;
  private final BrokerAcknowledgements acknowledgements;

  private int durationSeconds;
  private long since;

  /** When the broker's answer is no longer awaited; {@link Time#NEVER} when none is. */
  private long brokerAnswersBy = Time.NEVER;

  SleepCycle(
      SessionContext context,
      Uplink uplink,
      GatewayPublish gatewayPublish,
      BrokerAcknowledgements acknowledgements) {
    this.context = context;
    this.uplink = uplink;
    this.gatewayPublish = gatewayPublish;
    this.acknowledgements = acknowledgements;
  }

  int durationSeconds() {
    return durationSeconds;
  }

  /** When the client should have woken up, without tolerance. */
  long expectedBy() {
    return Time.after(since, durationSeconds * Time.SECOND);
  }

  /** DISCONNECT with a duration: sleeps from now on, or for another duration. */
  void begin(int newDurationSeconds, long now) {
    durationSeconds = newDurationSeconds;
    resume(now);
  }

  /** A life sign of the sleeper restarts its timer. */
  void heard(long now) {
    since = now;
  }

  /** Sleeps on, for the full duration. */
  void resume(long now) {
    since = now;
    brokerAnswersBy = Time.NEVER;
    gatewayPublish.pause();
  }

  /** The client has connected, or is gone. */
  void end() {
    brokerAnswersBy = Time.NEVER;
  }

  /**
   * PINGREQ with ClientId: the awake period begins, or goes on.
   *
   * @param again a repeated PINGREQ, because the client missed what was sent
   */
  void wakeUp(boolean again, long now) {
    if (!again) {
      acknowledgements.poll();
    }
    gatewayPublish.resume(now);
  }

  /** PINGRESP of the broker, or its connection is gone: there is nothing to wait for. */
  void brokerAnswered() {
    brokerAnswersBy = Time.NEVER;
  }

  /** When the sleeper is lost, or when the broker was waited for long enough. */
  long deadline(State state) {
    return state == State.AWAKE
        ? brokerAnswersBy
        : Time.after(since, Time.tolerated(durationSeconds));
  }

  void timeout(long now) {
    if (now >= brokerAnswersBy) {
      brokerAnswered();
    }
  }

  /** Ends the awake period with PINGRESP, if there is nothing left to send. */
  boolean isOver(long now) {
    if (!gatewayPublish.isIdle()) {
      return false;
    }
    if (acknowledgements.poll() && uplink.isUp()) {
      brokerAnswersBy = Time.after(now, context.settings().broker().answerNanos());
      context.toBroker(new BrokerCommand.PingReq());
      return false;
    }
    if (brokerAnswersBy != Time.NEVER) {
      return false;
    }
    resume(now);
    context.toClient(new PingResp());
    return true;
  }
}
