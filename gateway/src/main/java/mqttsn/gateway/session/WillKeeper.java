package mqttsn.gateway.session;

import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.WillMsgResp;
import mqttsn.codec.WillMsgUpd;
import mqttsn.codec.WillTopicResp;
import mqttsn.codec.WillTopicUpd;
import org.jspecify.annotations.Nullable;

/**
 * The client's will (§6.3, §6.4), and its publication when the client is lost.
 *
 * <p>The gateway publishes the will itself; the copy in the broker's CONNECT is for the death of
 * the gateway (SI-23).
 */
final class WillKeeper {

  private final SessionContext context;
  private final Uplink uplink;
  private final PacketIdentifiers packetIdentifiers;
  private @Nullable Will will;

  /** The will that is on its way because the client is lost. */
  private @Nullable Will leaving;

  private int packetIdentifier;
  private boolean sent;
  private boolean released;

  /**
   * Whether the connection that took it ends in good order: it arrives, unless a kill prevents it.
   */
  private boolean handedOver;

  private long deadline = Time.NEVER;

  WillKeeper(SessionContext context, Uplink uplink, PacketIdentifiers packetIdentifiers) {
    this.context = context;
    this.uplink = uplink;
    this.packetIdentifiers = packetIdentifiers;
  }

  @Nullable Will will() {
    return will;
  }

  void keep(@Nullable Will newWill) {
    will = newWill;
  }

  /** Whether a will may name this topic. */
  static boolean accepts(String willTopic) {
    return ClientTopics.isPublishable(willTopic);
  }

  /** WILLTOPICUPD (§6.4). */
  void update(WillTopicUpd update, long now) {
    ReturnCode returnCode = ReturnCode.ACCEPTED;
    if (update.isEmpty()) {
      will = null;
    } else if (accepts(update.willTopic())) {
      Octets message = will == null ? Octets.EMPTY : will.payload();
      will = new Will(update.willTopic(), message, update.qos(), update.retain());
    } else {
      returnCode = ReturnCode.NOT_SUPPORTED;
    }
    context.changedForGood(); // another process must not publish the will of before
    context.toClient(new WillTopicResp(returnCode));
    uplink.carry(will, now);
  }

  /** WILLMSGUPD (§6.4). */
  void update(WillMsgUpd update, long now) {
    Will old = will;
    if (old == null) {
      // SI-22: there is no will message without a will topic.
      context.toClient(new WillMsgResp(ReturnCode.NOT_SUPPORTED));
      return;
    }
    will = new Will(old.topicName(), update.willMsg(), old.qos(), old.retain());
    context.changedForGood();
    context.toClient(new WillMsgResp(ReturnCode.ACCEPTED));
    uplink.carry(will, now);
  }

  /** Whether the will of a lost client is on its way to the broker. */
  boolean isLeaving() {
    return leaving != null;
  }

  /** The will of a lost client that is on its way to the broker, for a record. */
  @Nullable Will leaving() {
    return leaving;
  }

  /** Goes on where a record ends; the earlier process may have sent it already (SI-23). */
  void restoreLeaving(@Nullable Will recorded, long now) {
    if (recorded != null) {
      leave(recorded, now);
    }
  }

  /** When the broker's acknowledgement of the will is no longer awaited. */
  long deadline() {
    return deadline;
  }

  boolean uses(int identifier) {
    return leaving != null && packetIdentifier == identifier;
  }

  /** The client is lost: publishes the will, now or when the connection is back. */
  void publish(long now) {
    Will lost = will;
    if (lost == null) {
      return;
    }
    if (leaving != null && !handedOver) {
      context.act(Action.Drop.BROKER_AWAY);
    }
    leave(lost, now);
    if (uplink.isUp()) {
      send(false);
    }
  }

  private void leave(Will lost, long now) {
    leaving = lost;
    sent = false;
    released = false;
    handedOver = false;
    packetIdentifier = lost.qos() == Qos.ZERO ? 0 : packetIdentifiers.next();
    deadline = Time.after(now, context.settings().broker().graceNanos());
  }

  /** The connection is back. */
  void resend(boolean sessionPresent) {
    if (handedOver) {
      arrived(); // this connection waited for the end of the one before
    } else if (leaving != null) {
      if (released && sessionPresent) {
        context.toBroker(new BrokerCommand.PubRel(packetIdentifier));
      } else {
        send(sent && sessionPresent);
      }
    }
  }

  void pubAck(int identifier) {
    if (uses(identifier)) {
      arrived();
    }
  }

  void pubRec(BrokerEvent.PubRec pubRec) {
    if (!uses(pubRec.packetIdentifier())) {
      return;
    }
    if (pubRec.returnCode() == ReturnCode.ACCEPTED) {
      released = true;
      context.toBroker(new BrokerCommand.PubRel(packetIdentifier));
    } else {
      context.act(Action.Drop.REJECTED_BY_BROKER);
      arrived();
    }
  }

  /** Nobody can take the will now, and the broker may have it: it is given up. */
  void deferred(int identifier) {
    if (uses(identifier)) {
      context.toBroker(new BrokerCommand.PubRel(identifier));
      arrived();
    }
  }

  /** The acknowledgement did not come in time; the broker's copy of the will is what remains. */
  void timeout(long now) {
    if (now >= deadline) {
      if (!handedOver) {
        context.act(Action.Drop.BROKER_AWAY);
      }
      arrived();
    }
  }

  /**
   * The client is back: what the connection has taken arrives before its end, and what waits for a
   * connection goes over the client's next one. A shared connection goes on, and acknowledges it.
   */
  void clientReturned() {
    handedOver |= leaving != null && sent && uplink.isUp() && !context.route.isShared();
  }

  private void send(boolean dup) {
    Will lost = leaving;
    if (lost == null) {
      return;
    }
    sent = true;
    released = false;
    context.route.sendWill(
        context.link,
        new BrokerCommand.Publish(
            packetIdentifier,
            lost.topicName(),
            lost.payload(),
            lost.qos(),
            lost.retain(),
            dup && packetIdentifier != 0,
            null));
    if (packetIdentifier == 0) {
      arrived();
    }
  }

  private void arrived() {
    leaving = null;
    handedOver = false;
    deadline = Time.NEVER;
  }
}
