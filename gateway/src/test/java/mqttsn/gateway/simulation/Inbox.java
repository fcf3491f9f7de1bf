package mqttsn.gateway.simulation;

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
import mqttsn.codec.Publish;
import mqttsn.codec.PublishTopic;
import mqttsn.codec.Qos;
import mqttsn.codec.RegAck;
import mqttsn.codec.Register;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.ShortName;
import org.jspecify.annotations.Nullable;

/** Messages of the gateway to a client: topic ids, acknowledgements, QoS 2. */
final class Inbox {

  private final ModelClient client;
  private final List<Invariant> invariants;
  private final Dice dice;
  private final Map<Integer, String> names = new HashMap<>();
  private final Set<Integer> unreleased = new HashSet<>();

  /** When which MsgId was released: a copy that left before is no new message. */
  private final Map<Integer, Long> released = new HashMap<>();

  Inbox(ModelClient client, List<Invariant> invariants, Dice dice) {
    this.client = client;
    this.invariants = invariants;
    this.dice = dice;
  }

  void forgetEverything() {
    names.clear();
    unreleased.clear();
    released.clear();
  }

  void learn(int topicId, String name) {
    names.put(topicId, name);
  }

  /** The normal topic id of a name; null if the client knows none. */
  @Nullable NormalId idOf(String name) {
    for (Map.Entry<Integer, String> known : names.entrySet()) {
      if (known.getValue().equals(name)) {
        return new NormalId(known.getKey());
      }
    }
    return null;
  }

  void forget(NormalId id) {
    names.remove(id.topicId());
  }

  void register(Register register) {
    if (dice.chance(client.rejectionProbability())) {
      client.send(new RegAck(register.topicId(), register.msgId(), ReturnCode.NOT_SUPPORTED));
      return;
    }
    learn(register.topicId(), register.topicName());
    client.send(new RegAck(register.topicId(), register.msgId(), ReturnCode.ACCEPTED));
  }

  void publish(Publish publish, long sentAt) {
    String topicName = nameOf(publish.topic());
    int topicId = publish.topic().topicId();
    if (topicName == null) {
      client.send(new PubAck(topicId, publish.msgId(), ReturnCode.INVALID_TOPIC_ID));
      return;
    }
    if (publish.qos() == Qos.TWO) {
      boolean isLate = sentAt < released.getOrDefault(publish.msgId(), -1L);
      if (!isLate && unreleased.add(publish.msgId())) {
        delivered(topicName, publish);
      }
      client.send(new PubRec(publish.msgId()));
      return;
    }
    delivered(topicName, publish);
    if (publish.qos() == Qos.ONE) {
      client.send(new PubAck(topicId, publish.msgId(), ReturnCode.ACCEPTED));
    }
  }

  void pubRel(int msgId) {
    if (unreleased.remove(msgId)) {
      released.put(msgId, client.now());
    }
    client.send(new PubComp(msgId));
  }

  private void delivered(String topicName, Publish publish) {
    String payload = publish.data().toUtf8String();
    invariants.forEach(invariant -> invariant.delivered(client, topicName, payload));
  }

  private @Nullable String nameOf(PublishTopic topic) {
    if (topic instanceof NormalId id) {
      return names.get(id.topicId());
    }
    return topic instanceof PredefinedId id
        ? Topics.PREDEFINED.get(id.topicId())
        : ((ShortName) topic).topicName();
  }
}
