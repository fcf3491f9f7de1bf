package mqttsn.gateway.session;

import mqttsn.codec.Advertise;
import mqttsn.codec.ConnAck;
import mqttsn.codec.Connect;
import mqttsn.codec.Decoded;
import mqttsn.codec.Disconnect;
import mqttsn.codec.Encapsulated;
import mqttsn.codec.GwInfo;
import mqttsn.codec.Legible;
import mqttsn.codec.PingReq;
import mqttsn.codec.PingResp;
import mqttsn.codec.PubAck;
import mqttsn.codec.PubComp;
import mqttsn.codec.PubRec;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.codec.RegAck;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.SearchGw;
import mqttsn.codec.SubAck;
import mqttsn.codec.ToClient;
import mqttsn.codec.ToGateway;
import mqttsn.codec.Unusable;
import mqttsn.codec.WillMsgResp;
import mqttsn.codec.WillTopicResp;
import mqttsn.topic.PredefinedTopics;
import mqttsn.topic.TopicRules;
import org.jspecify.annotations.Nullable;

/**
 * What a datagram leads to: it is for the session of its address, or begins one, or is answered
 * without one (discovery, QoS -1, strangers).
 */
final class Reception {

  private final Shared shared;
  private final Outbox out;
  private final SessionTable sessions;
  private final Admission admission;
  private final Discovery discovery;
  private final ConnectionlessPublish connectionless;
  private long lastAssignedId;

  Reception(
      Shared shared,
      SessionTable sessions,
      Admission admission,
      Discovery discovery,
      ConnectionlessPublish connectionless) {
    this.shared = shared;
    this.out = shared.out;
    this.sessions = sessions;
    this.admission = admission;
    this.discovery = discovery;
    this.connectionless = connectionless;
  }

  /** A datagram, as decoded. What could not be decoded changes nothing. */
  void received(ClientAddress from, Decoded decoded, long now) {
    if (decoded instanceof Legible message) {
      legible(from, message, now);
    } else if (decoded instanceof Encapsulated encapsulated) {
      ClientAddress node = new ClientAddress(from.listener(), from.socket(), encapsulated.nodeId());
      if (!Admission.allows(node, shared.settings.forwarders())) {
        out.add(Action.Refusal.FORWARDER);
      } else if (!admission.admitsForwarded(node, now)) {
        out.add(Action.Drop.RATE);
      } else {
        discovery.heardThrough(node);
        legible(node, encapsulated.message(), now);
      }
    }
  }

  private void legible(ClientAddress from, Legible message, long now) {
    Deadlines.Slot slot = sessions.at(from);
    if (message instanceof Unusable unusable) {
      unusable(from, unusable, slot, now);
    } else if (message instanceof Connect connect) {
      connect(from, connect, slot, now);
    } else if (message instanceof Publish publish && publish.qos() == Qos.MINUS_ONE) {
      connectionless.publish(from, publish, predefinedFor(slot), now);
      if (slot != null && slot.session.state().isConnected()) {
        slot.session.heard(now);
        sessions.settle(slot, now);
      }
    } else if (message instanceof SearchGw search) {
      discovery.searchGw(from, search, now);
    } else if (message instanceof Advertise advertise) {
      discovery.advertise(advertise, now);
    } else if (message instanceof GwInfo info) {
      discovery.gwInfo(info, now);
    } else if (message instanceof ToGateway toGateway) {
      inSession(from, toGateway, slot, now);
    }
  }

  private void inSession(
      ClientAddress from, ToGateway message, Deadlines.@Nullable Slot slot, long now) {
    if (message instanceof PingReq pingReq && !pingReq.clientId().isEmpty()) {
      slot = sessionOf(from, pingReq, slot);
    }
    if (slot == null && sessions.at(from) != null) {
      // SI-12: whoever it is, the client at this address is not to suffer from it.
      out.add(Action.Refusal.OUT_OF_STATE);
    } else if (slot == null) {
      stranger(from, message, now);
    } else {
      slot.session.fromClient(message, now);
      sessions.settle(slot, now);
    }
  }

  /** The session that a PINGREQ with ClientId wakes; null for none (SI-12). */
  private Deadlines.@Nullable Slot sessionOf(
      ClientAddress from, PingReq pingReq, Deadlines.@Nullable Slot atAddress) {
    if (atAddress != null) {
      return atAddress.session.clientId().equals(pingReq.clientId()) ? atAddress : null;
    }
    Deadlines.Slot named = sessions.ofClient(pingReq.clientId());
    boolean sleeps = named != null && named.session.state() == State.ASLEEP;
    if (named != null && sleeps && shared.settings.sessions().rebindSleeper()) {
      sessions.move(named, from);
      return named;
    }
    return null;
  }

  /** A session-requiring message from an address without a session (§6.12, SI-6). */
  private void stranger(ClientAddress from, ToGateway message, long now) {
    out.add(Action.Refusal.UNKNOWN_SENDER);
    boolean isAnswer =
        message instanceof RegAck
            || message instanceof PubAck
            || message instanceof PubRec
            || message instanceof PubComp
            || message instanceof PingResp;
    if (!isAnswer && admission.answersStranger(from, now)) {
      out.add(new Action.Send(from, new Disconnect(0)));
    }
  }

  private void unusable(
      ClientAddress from, Unusable unusable, Deadlines.@Nullable Slot slot, long now) {
    out.add(Action.Refusal.UNUSABLE);
    ToClient answer = notSupported(unusable);
    if (slot != null) {
      slot.session.unusable(unusable.type());
      sessions.settle(slot, now);
    }
    boolean hasConnection = slot != null && slot.session.state().isConnected();
    boolean answered =
        hasConnection || (answer instanceof ConnAck && admission.answersStranger(from, now));
    if (answer != null && answered) {
      out.add(new Action.Send(from, answer));
    }
  }

  /** The negative answer to a request; null where the standard has none. */
  private static @Nullable ToClient notSupported(Unusable request) {
    ReturnCode code = ReturnCode.NOT_SUPPORTED;
    return switch (request.type()) {
      case CONNECT -> new ConnAck(code);
      case REGISTER -> new RegAck(0, request.msgId(), code);
      case PUBLISH -> new PubAck(request.topicId(), request.msgId(), code);
      case SUBSCRIBE -> new SubAck(Qos.ZERO, 0, request.msgId(), code);
      case WILLTOPICUPD -> new WillTopicResp(code);
      case WILLMSGUPD -> new WillMsgResp(code);
      case WILLTOPIC, WILLMSG -> null; // CONNACK ends the dialogue, if there is one
      case ADVERTISE,
          SEARCHGW,
          GWINFO,
          CONNACK,
          WILLTOPICREQ,
          WILLMSGREQ,
          REGACK,
          PUBACK,
          PUBCOMP,
          PUBREC,
          PUBREL,
          SUBACK,
          UNSUBSCRIBE,
          UNSUBACK,
          PINGREQ,
          PINGRESP,
          DISCONNECT,
          WILLTOPICRESP,
          WILLMSGRESP ->
          null;
    };
  }

  private void connect(
      ClientAddress from, Connect connect, Deadlines.@Nullable Slot atAddress, long now) {
    Deadlines.Slot slot = sessionOf(connect, atAddress);
    boolean isHere = slot != null && slot == atAddress;
    boolean isRepeated = isHere && slot != null && slot.session.repeats(connect, now);
    if (!isRepeated && !admits(from, connect, slot, isHere, now)) {
      return;
    }
    if (atAddress != null && !isHere) {
      // SI-15: it did not say goodbye.
      atAddress.session.lost("another client connects from its address", now);
      sessions.vacate(atAddress);
      sessions.settle(atAddress, now);
    }
    slot = slot == null ? sessions.add(from, clientIdFor(connect), now) : slot;
    sessions.move(slot, from);
    slot.session.connect(connect, now);
    sessions.settle(slot, now);
  }

  /** The session that a CONNECT means; one without ClientId can only mean that of its address. */
  private Deadlines.@Nullable Slot sessionOf(Connect connect, Deadlines.@Nullable Slot atAddress) {
    if (!connect.clientId().isEmpty()) {
      return sessions.ofClient(connect.clientId());
    }
    return atAddress != null && atAddress.session.isNameless() ? atAddress : null;
  }

  private boolean admits(
      ClientAddress from,
      Connect connect,
      Deadlines.@Nullable Slot known,
      boolean isHere,
      long now) {
    Settings.Sessions limits = shared.settings.sessions();
    if (!isClientIdTaken(connect, limits)) {
      return refuse(from, connect, ReturnCode.NOT_SUPPORTED, Action.Refusal.CLIENT_ID);
    }
    if (!admission.admitsConnect(from, now)) {
      return refuse(from, connect, ReturnCode.CONGESTION, Action.Refusal.CONNECT_RATE);
    }
    if (known == null && sessions.size() >= limits.max()) {
      return refuse(from, connect, ReturnCode.CONGESTION, Action.Refusal.TOO_MANY_SESSIONS);
    }
    if (!isHere && !admission.hasRoomBehindForwarder(from, shared.settings.forwarders())) {
      return refuse(from, connect, ReturnCode.CONGESTION, Action.Refusal.FORWARDER);
    }
    return true;
  }

  /**
   * A session without a ClientId could not be found again, so it has to be a clean one. Characters
   * that a broker may answer by closing the connection do not reach it (SI-2).
   */
  private static boolean isClientIdTaken(Connect connect, Settings.Sessions limits) {
    return connect.clientId().isEmpty()
        ? limits.allowEmptyClientId() && connect.cleanSession()
        : connect.clientId().length() <= limits.maxClientIdLength()
            && connect.clientId().codePoints().noneMatch(TopicRules::isForbidden);
  }

  private boolean refuse(
      ClientAddress from, Connect connect, ReturnCode returnCode, Action.Refusal why) {
    out.add(why);
    out.add(
        new Action.Tell(new Notice(Notice.Event.REFUSED, connect.clientId(), from, why.label())));
    out.add(new Action.Send(from, new ConnAck(returnCode)));
    return false;
  }

  /** The ClientId of a new session: the client's own, or one that the gateway makes up. */
  private String clientIdFor(Connect connect) {
    String clientId = connect.clientId();
    while (clientId.isEmpty() || sessions.ofClient(clientId) != null) {
      clientId = shared.settings.name() + "-client-" + ++lastAssignedId;
    }
    return clientId;
  }

  private PredefinedTopics.View predefinedFor(Deadlines.@Nullable Slot slot) {
    PredefinedTopics topics = shared.settings.predefinedTopics();
    return slot == null ? topics.forEveryone() : topics.forClient(slot.session.clientId());
  }
}
