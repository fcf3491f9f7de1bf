package mqttsn.gateway.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;

/** Broker commands and events as lines of text. */
final class BrokerText {

  private BrokerText() {}

  static String render(BrokerCommand command) {
    if (command instanceof BrokerCommand.Publish p) {
      return "PUBLISH"
          + number(" id", p.packetIdentifier())
          + " topic="
          + p.topicName()
          + number(" qos", p.qos().level())
          + flag("retain", p.retain())
          + flag("dup", p.dup())
          + " "
          + payload(p.payload());
    }
    if (command instanceof BrokerCommand.Subscribe s) {
      return "SUBSCRIBE id="
          + s.packetIdentifier()
          + " filter="
          + s.topicFilter()
          + number(" qos", s.qos().level())
          + (s.sendRetained() ? "" : " noRetained");
    }
    if (command instanceof BrokerCommand.Unsubscribe u) {
      return "UNSUBSCRIBE id=" + u.packetIdentifier() + " filter=" + u.topicFilter();
    }
    if (command instanceof BrokerCommand.PubAck a) {
      return "PUBACK id=" + a.packetIdentifier();
    }
    if (command instanceof BrokerCommand.PubRec a) {
      return "PUBREC id=" + a.packetIdentifier();
    }
    if (command instanceof BrokerCommand.PubRel a) {
      return "PUBREL id=" + a.packetIdentifier();
    }
    if (command instanceof BrokerCommand.PubComp a) {
      return "PUBCOMP id=" + a.packetIdentifier();
    }
    return "PINGREQ";
  }

  static String render(BrokerConnect connect) {
    Will will = connect.will();
    return "opens"
        + flag("cleanStart", connect.cleanStart())
        + flag("persistent", connect.persistent())
        + (connect.attempts() == BrokerConnect.Attempts.UNTIL_CLOSED ? " untilClosed" : "")
        + (will == null
            ? ""
            : " will="
                + will.topicName()
                + number(" qos", will.qos().level())
                + flag("retain", will.retain())
                + " "
                + payload(will.payload()));
  }

  /** What MQTT 5 asks of the broker for a session. */
  static String limits(BrokerConnect connect) {
    return " expiry="
        + connect.sessionExpirySeconds()
        + " receiveMaximum="
        + connect.receiveMaximum()
        + " willDelay="
        + connect.willDelaySeconds();
  }

  /**
   * An event: a packet name, then key=value and flags; the payload of a PUBLISH in quotes, last.
   */
  static BrokerEvent parse(String line) {
    int quote = line.indexOf('"');
    String payload = quote < 0 ? "" : line.substring(quote + 1, line.lastIndexOf('"'));
    List<String> words =
        new ArrayList<>(List.of((quote < 0 ? line : line.substring(0, quote)).trim().split(" +")));
    String name = words.remove(0);
    Map<String, String> fields = new HashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      fields.put(
          equals < 0 ? word : word.substring(0, equals),
          equals < 0 ? "true" : word.substring(equals + 1));
    }
    int id = Integer.parseInt(fields.getOrDefault("id", "0"));
    Qos qos = Qos.ofLevel(Integer.parseInt(fields.getOrDefault("qos", "0")));
    ReturnCode code =
        ReturnCode.valueOf(
            fields.getOrDefault("code", "accepted").toUpperCase(Locale.ROOT).replace('-', '_'));
    return switch (name) {
      case "connected" -> connected(fields);
      case "refused" -> new BrokerEvent.Refused(code, "refused");
      case "lost" -> new BrokerEvent.Lost("connection reset", fields.containsKey("takenOver"));
      case "congested" -> new BrokerEvent.Congestion(true);
      case "relieved" -> new BrokerEvent.Congestion(false);
      case "PUBLISH" ->
          new BrokerEvent.Publish(
              id,
              fields.getOrDefault("topic", ""),
              Octets.utf8(payload),
              qos,
              fields.containsKey("retain"),
              fields.containsKey("dup"),
              SubscriptionIdentifiers.NONE);
      case "PUBACK" -> new BrokerEvent.PubAck(id, code);
      case "PUBREC" -> new BrokerEvent.PubRec(id, code);
      case "PUBREL" -> new BrokerEvent.PubRel(id);
      case "PUBCOMP" -> new BrokerEvent.PubComp(id);
      case "SUBACK" -> new BrokerEvent.SubAck(id, code, qos);
      case "UNSUBACK" -> new BrokerEvent.UnsubAck(id);
      case "PINGRESP" -> new BrokerEvent.PingResp();
      default -> throw new IllegalArgumentException("no event: " + line);
    };
  }

  private static BrokerEvent connected(Map<String, String> fields) {
    return new BrokerEvent.Connected(
        fields.containsKey("sessionPresent"),
        new BrokerLimits(
            Integer.parseInt(fields.getOrDefault("version", "5")),
            Integer.parseInt(fields.getOrDefault("receiveMaximum", "20")),
            Qos.ofLevel(Integer.parseInt(fields.getOrDefault("maximumQos", "2"))),
            !fields.containsKey("noRetain"),
            Integer.parseInt(fields.getOrDefault("maximumPacket", "262144"))));
  }

  private static String number(String name, int value) {
    return value == 0 ? "" : name + "=" + value;
  }

  private static String flag(String name, boolean set) {
    return set ? " " + name : "";
  }

  private static String payload(Octets payload) {
    return '"' + payload.toUtf8String() + '"';
  }
}
