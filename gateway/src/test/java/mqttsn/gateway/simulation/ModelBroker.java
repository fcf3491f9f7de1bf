package mqttsn.gateway.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLimits;
import mqttsn.gateway.session.Will;
import mqttsn.topic.TopicFilters;
import org.jspecify.annotations.Nullable;

/**
 * A broker of MQTT 5 or 3.1.1: sessions, QoS, retained messages, wills with their delay, receive
 * maximum, subscription identifiers. It can go down and come back with or without what it knew.
 */
final class ModelBroker {

  /** Publishes below this are refused, so that refusals occur. */
  private static final String FORBIDDEN = "forbidden/";

  private record Retained(Octets payload, Qos qos) {}

  private final Timeline timeline;
  private final List<Invariant> invariants;
  private final BrokerLimits limits;

  /** Whether a message comes once for each subscription that it matches, or once. */
  private final boolean copiesForEach;

  private final boolean reusesIdentifiers;

  private final Map<String, BrokerSession> sessions = new LinkedHashMap<>();
  private final Map<String, Retained> retained = new TreeMap<>();
  private long lastSession;
  private boolean up = true;

  ModelBroker(Timeline timeline, List<Invariant> invariants, Dice dice) {
    this.timeline = timeline;
    this.invariants = invariants;
    this.limits =
        dice.chance(0.25)
            ? BrokerLimits.MQTT_3_1_1
            : new BrokerLimits(5, dice.chance(0.3) ? 3 : 20, Qos.TWO, true, 262_144);
    this.copiesForEach = dice.chance(0.5);
    this.reusesIdentifiers = dice.chance(0.5);
  }

  boolean isUp() {
    return up;
  }

  @Nullable BrokerSession session(String clientId) {
    return sessions.get(clientId);
  }

  /** Ends every connection and takes none. */
  void goDown() {
    up = false;
    for (BrokerSession session : new ArrayList<>(sessions.values())) {
      closeByFault(session);
    }
  }

  /** Takes connections again. */
  void comeBack(boolean withSessions) {
    up = true;
    if (!withSessions) {
      sessions.clear();
      retained.clear();
    }
  }

  /** Closes the connection of one session, as brokers do when they think that they must. */
  void closeByFault(BrokerSession session) {
    Links.Connection connection = session.connection;
    if (connection != null) {
      connection.closeByBroker();
      gone(connection);
    }
  }

  List<BrokerSession> sessions() {
    return new ArrayList<>(sessions.values());
  }

  /** CONNECT; CONNACK leaves over the connection. */
  void connect(Links.Connection connection, BrokerConnect connect) {
    BrokerTerms terms = BrokerTerms.of(connect, limits.mqttVersion());
    BrokerSession session = sessions.get(connect.clientId());
    if (session != null && session.connection != null) {
      closeByFault(session);
      session = sessions.get(connect.clientId());
    }
    if (session != null && terms.cleanStart()) {
      end(session);
      session = null;
    }
    boolean present = session != null;
    if (session == null) {
      session =
          new BrokerSession(
              connect.clientId(), ++lastSession, copiesForEach, reusesIdentifiers, invariants);
      sessions.put(connect.clientId(), session);
    }
    session.connection = connection;
    session.generation++;
    session.will = connect.will();
    session.terms = terms;
    connection.session = session;
    connection.toGateway(new BrokerEvent.Connected(present, limits));
    session.resend(connection);
  }

  /** A packet of a connection. */
  void take(Links.Connection connection, BrokerCommand command) {
    BrokerSession session = connection.session;
    if (session == null || session.connection != connection) {
      return;
    }
    if (command instanceof BrokerCommand.Publish publish) {
      publish(connection, session, publish);
    } else if (command instanceof BrokerCommand.PubRel pubRel) {
      session.unreleased.remove(pubRel.packetIdentifier());
      connection.toGateway(new BrokerEvent.PubComp(pubRel.packetIdentifier()));
    } else if (command instanceof BrokerCommand.PubAck pubAck) {
      session.pubAck(pubAck.packetIdentifier());
    } else if (command instanceof BrokerCommand.PubRec pubRec) {
      session.pubRec(pubRec.packetIdentifier());
    } else if (command instanceof BrokerCommand.PubComp pubComp) {
      session.pubComp(pubComp.packetIdentifier());
    } else if (command instanceof BrokerCommand.Subscribe subscribe) {
      subscribe(connection, session, subscribe);
    } else if (command instanceof BrokerCommand.Unsubscribe unsubscribe) {
      session.unsubscribe(unsubscribe.topicFilter());
      connection.toGateway(new BrokerEvent.UnsubAck(unsubscribe.packetIdentifier()));
    } else if (command instanceof BrokerCommand.PingReq) {
      connection.toGateway(new BrokerEvent.PingResp());
    }
  }

  /** DISCONNECT of a connection. */
  void disconnect(Links.Connection connection, Action.Farewell farewell) {
    BrokerSession session = connection.session;
    if (session == null || session.connection != connection) {
      return;
    }
    session.will = null;
    gone(connection);
    if (farewell == Action.Farewell.END_SESSION && isVersion5()) {
      end(session);
    }
  }

  /** Hands a message out to everybody who subscribed. */
  private void publish(String topicName, Octets payload, Qos qos, boolean retain) {
    if (retain) {
      retained.put(topicName, new Retained(payload, qos));
    }
    for (BrokerSession session : sessions()) {
      session.offer(topicName, payload, qos);
    }
  }

  /** A connection is no more; the session waits for the next one. */
  void gone(Links.Connection connection) {
    BrokerSession session = connection.session;
    if (session == null || session.connection != connection) {
      return;
    }
    session.disconnected();
    long generation = session.generation;
    long expiry = session.terms.expiryNanos();
    long willDelay = Math.min(session.terms.willDelayNanos(), expiry);
    timeline.after(willDelay, () -> ifStillGone(session, generation, () -> fireWill(session)));
    timeline.after(expiry, () -> ifStillGone(session, generation, () -> end(session)));
  }

  private void ifStillGone(BrokerSession session, long generation, Runnable then) {
    if (session.generation == generation && sessions.get(session.clientId) == session) {
      then.run();
    }
  }

  private void end(BrokerSession session) {
    fireWill(session);
    sessions.remove(session.clientId, session);
  }

  private void fireWill(BrokerSession session) {
    Will will = session.will;
    session.will = null;
    if (will != null) {
      String payload = will.payload().toUtf8String();
      invariants.forEach(invariant -> invariant.willFired(session.clientId, payload));
      publish(will.topicName(), will.payload(), will.qos(), will.retain());
    }
  }

  private void publish(
      Links.Connection connection, BrokerSession session, BrokerCommand.Publish publish) {
    int packetIdentifier = publish.packetIdentifier();
    if ((packetIdentifier == 0) != (publish.qos() == Qos.ZERO)) {
      throw new Violation(session.clientId + ": packet identifier " + packetIdentifier);
    }
    // MQTT 3.1.1 has no negative answer to PUBLISH.
    boolean isForbidden = isVersion5() && publish.topicName().contains(FORBIDDEN);
    if (publish.qos() == Qos.ONE) {
      connection.toGateway(
          new BrokerEvent.PubAck(
              packetIdentifier, isForbidden ? ReturnCode.NOT_SUPPORTED : ReturnCode.ACCEPTED));
    } else if (publish.qos() == Qos.TWO) {
      connection.toGateway(
          new BrokerEvent.PubRec(
              packetIdentifier, isForbidden ? ReturnCode.NOT_SUPPORTED : ReturnCode.ACCEPTED));
      if (!isForbidden && !session.unreleased.add(packetIdentifier)) {
        if (!publish.dup()) {
          throw new Violation(
              session.clientId + ": packet identifier " + packetIdentifier + " in use");
        }
        return;
      }
    }
    if (!isForbidden) {
      String payload = publish.payload().toUtf8String();
      for (Invariant invariant : invariants) {
        invariant.arrived(sender(session, publish), session.number, publish.topicName(), payload);
      }
      publish(publish.topicName(), publish.payload(), publish.qos(), publish.retain());
    }
  }

  private void subscribe(
      Links.Connection connection, BrokerSession session, BrokerCommand.Subscribe subscribe) {
    boolean isForbidden = subscribe.topicFilter().contains(FORBIDDEN);
    connection.toGateway(
        new BrokerEvent.SubAck(
            subscribe.packetIdentifier(),
            isForbidden ? ReturnCode.NOT_SUPPORTED : ReturnCode.ACCEPTED,
            subscribe.qos()));
    if (isForbidden) {
      return;
    }
    session.subscribe(subscribe.topicFilter(), subscribe.qos(), subscribe.subscriptionIdentifier());
    if (subscribe.sendRetained() || !isVersion5()) {
      retained.forEach(
          (topicName, message) -> {
            if (TopicFilters.matches(subscribe.topicFilter(), topicName)) {
              Qos qos =
                  subscribe.qos().level() < message.qos.level() ? subscribe.qos() : message.qos;
              session.enqueueRetained(
                  topicName, message.payload, qos, subscribe.subscriptionIdentifier());
            }
          });
    }
  }

  /** The client that a publish over a shared connection names, or the one of the session. */
  private static String sender(BrokerSession session, BrokerCommand.Publish publish) {
    BrokerCommand.Origin origin = publish.origin();
    return origin == null ? session.clientId : origin.clientId();
  }

  private boolean isVersion5() {
    return limits.mqttVersion() >= 5;
  }
}
