package mqttsn.gateway.simulation;

import java.util.HashMap;
import java.util.Map;
import mqttsn.codec.Connect;
import mqttsn.codec.Legible;
import mqttsn.codec.Named;
import mqttsn.codec.RegAck;
import mqttsn.codec.Register;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.SubAck;
import mqttsn.codec.Subscribe;
import mqttsn.codec.ToClient;

/** No normal topic id of a client stands for two names, as long as its session lasts (§7.3). */
final class TopicIdsAreUnique implements Invariant {

  private static final class Known {
    final Map<Integer, String> names = new HashMap<>();
    final Map<Integer, String> subscribing = new HashMap<>();
    String registering = "";
    boolean isClean;
  }

  private final Map<String, Known> byClient = new HashMap<>();

  @Override
  public void received(ModelClient client, Legible message) {
    Known known = byClient.computeIfAbsent(client.clientId(), key -> new Known());
    if (message instanceof Connect connect) {
      if (connect.cleanSession() || known.isClean) {
        known.names.clear();
      }
      known.isClean = connect.cleanSession();
    } else if (message instanceof Register register) {
      known.registering = register.topicName();
    } else if (message instanceof Subscribe subscribe) {
      if (subscribe.topic() instanceof Named named) {
        known.subscribing.put(subscribe.msgId(), named.topicName());
      } else {
        known.subscribing.remove(subscribe.msgId());
      }
    }
  }

  @Override
  public void sent(ModelClient client, ToClient message) {
    Known known = byClient.computeIfAbsent(client.clientId(), key -> new Known());
    if (message instanceof RegAck regAck && regAck.returnCode() == ReturnCode.ACCEPTED) {
      stands(client, known, regAck.topicId(), known.registering);
    } else if (message instanceof Register register) {
      stands(client, known, register.topicId(), register.topicName());
    } else if (message instanceof SubAck subAck
        && subAck.returnCode() == ReturnCode.ACCEPTED
        && subAck.topicId() != 0
        && known.subscribing.containsKey(subAck.msgId())) {
      stands(client, known, subAck.topicId(), known.subscribing.get(subAck.msgId()));
    }
  }

  private static void stands(ModelClient client, Known known, int topicId, String name) {
    if (topicId < 1 || topicId > 0xFFFE) {
      throw new Violation(client.clientId() + ": topic id " + topicId);
    }
    String before = known.names.put(topicId, name);
    if (before != null && !before.equals(name)) {
      throw new Violation(
          client.clientId() + ": topic id " + topicId + " for " + before + " and " + name);
    }
  }
}
