package mqttsn.gateway.client;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mqttsn.codec.NormalId;
import mqttsn.codec.PredefinedId;
import mqttsn.codec.PubAck;
import mqttsn.codec.PubComp;
import mqttsn.codec.PubRec;
import mqttsn.codec.PubRel;
import mqttsn.codec.Publish;
import mqttsn.codec.PublishTopic;
import mqttsn.codec.RegAck;
import mqttsn.codec.Register;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.ShortName;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway publishes to this client (§6.10): the names behind its topic ids, the
 * acknowledgements, and each message of QoS 2 once.
 */
final class Deliveries {

  private final Map<Integer, String> topicNames = new HashMap<>();

  /** MsgIds of QoS 2 messages that were delivered and wait for PUBREL; at most 65,536. */
  private final Set<Integer> unreleased = new HashSet<>();

  /** A REGACK or SUBACK told the id of a name. */
  void learn(int topicId, String topicName) {
    topicNames.put(topicId, topicName);
  }

  void forget(NormalId topic) {
    topicNames.remove(topic.topicId());
  }

  /** CleanSession: nothing of an earlier session counts any more. */
  void clear() {
    topicNames.clear();
    unreleased.clear();
  }

  /** The normal id that stands for the name, null if none does yet. */
  @Nullable NormalId idOf(String topicName) {
    for (Map.Entry<Integer, String> entry : topicNames.entrySet()) {
      if (entry.getValue().equals(topicName)) {
        return new NormalId(entry.getKey());
      }
    }
    return null;
  }

  void register(Register register, List<ClientAction> out) {
    learn(register.topicId(), register.topicName());
    out.add(
        new ClientAction.Send(
            new RegAck(register.topicId(), register.msgId(), ReturnCode.ACCEPTED)));
  }

  void publish(Publish publish, List<ClientAction> out) {
    String topicName = nameOf(publish.topic());
    if (topicName == null) {
      // The gateway then registers the topic again and repeats the message.
      out.add(new ClientAction.Send(pubAck(publish, ReturnCode.INVALID_TOPIC_ID)));
      return;
    }
    switch (publish.qos()) {
      case ZERO -> out.add(deliver(publish, topicName));
      case ONE -> {
        out.add(deliver(publish, topicName));
        out.add(new ClientAction.Send(pubAck(publish, ReturnCode.ACCEPTED)));
      }
      case TWO -> {
        if (unreleased.add(publish.msgId())) {
          out.add(deliver(publish, topicName));
        }
        out.add(new ClientAction.Send(new PubRec(publish.msgId())));
      }
      case MINUS_ONE -> {}
    }
  }

  void pubRel(PubRel pubRel, List<ClientAction> out) {
    unreleased.remove(pubRel.msgId());
    out.add(new ClientAction.Send(new PubComp(pubRel.msgId())));
  }

  private @Nullable String nameOf(PublishTopic topic) {
    if (topic instanceof ShortName shortName) {
      return shortName.topicName();
    } else if (topic instanceof PredefinedId predefined) {
      return Integer.toString(predefined.topicId());
    }
    return topicNames.get(topic.topicId());
  }

  private static ClientAction deliver(Publish publish, String topicName) {
    return new ClientAction.Deliver(
        new Received(
            publish.topic(),
            topicName,
            publish.qos(),
            publish.retain(),
            publish.dup(),
            publish.data()));
  }

  private static PubAck pubAck(Publish publish, ReturnCode returnCode) {
    return new PubAck(publish.topic().topicId(), publish.msgId(), returnCode);
  }
}
