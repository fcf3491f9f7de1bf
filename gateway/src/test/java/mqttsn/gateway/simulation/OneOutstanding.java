package mqttsn.gateway.simulation;

import java.util.HashMap;
import java.util.Map;
import mqttsn.codec.Connect;
import mqttsn.codec.Disconnect;
import mqttsn.codec.Legible;
import mqttsn.codec.NormalId;
import mqttsn.codec.Octets;
import mqttsn.codec.PubAck;
import mqttsn.codec.PubComp;
import mqttsn.codec.PubRec;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.codec.RegAck;
import mqttsn.codec.Register;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.ToClient;
import org.jspecify.annotations.Nullable;

/**
 * Toward a client one exchange is under way at a time: REGISTER, or PUBLISH with QoS 1 or 2
 * (§12.16). A client that wakes up and does not know a topic id any more gets its REGISTER in the
 * place of the PUBLISH that named it.
 */
final class OneOutstanding implements Invariant {

  private record Exchange(int msgId, ToClient begun) {}

  private final Map<String, Exchange> underWay = new HashMap<>();

  /** Messages with QoS 2 that the client has not completed. */
  private final Map<String, Map<Integer, Octets>> incomplete = new HashMap<>();

  @Override
  public void received(ModelClient client, Legible message) {
    if (message instanceof RegAck regAck && regAck.returnCode() != ReturnCode.CONGESTION) {
      ends(client, regAck.msgId());
      if (regAck.returnCode() != ReturnCode.ACCEPTED) {
        incomplete(client).clear(); // the message that it was for is given up
      }
    } else if (message instanceof PubAck pubAck && pubAck.returnCode() != ReturnCode.CONGESTION) {
      ends(client, pubAck.msgId());
    } else if (message instanceof PubComp pubComp) {
      ends(client, pubComp.msgId());
      incomplete(client).remove(pubComp.msgId());
    } else if (message instanceof PubRec pubRec && incomplete(client).containsKey(pubRec.msgId())) {
      // It goes on, and takes the place of what was sent for the same message after it.
      Octets data = incomplete(client).get(pubRec.msgId());
      underWay.computeIfPresent(
          client.clientId(),
          (clientId, exchange) ->
              isAbout(exchange.begun(), data)
                  ? new Exchange(pubRec.msgId(), exchange.begun())
                  : exchange);
    } else if (message instanceof Connect || message instanceof Disconnect) {
      underWay.remove(client.clientId());
    }
  }

  @Override
  public void sent(ModelClient client, ToClient message) {
    if (message instanceof Register register) {
      begins(client, register.msgId(), message);
    } else if (message instanceof Publish publish && publish.qos().level() > 0) {
      begins(client, publish.msgId(), message);
      if (publish.qos() == Qos.TWO) {
        incomplete(client).put(publish.msgId(), publish.data());
      }
    } else if (message instanceof Disconnect) {
      underWay.remove(client.clientId());
    }
  }

  @Override
  public void restarted(World world) {
    underWay.clear();
  }

  private Map<Integer, Octets> incomplete(ModelClient client) {
    return incomplete.computeIfAbsent(client.clientId(), key -> new HashMap<>());
  }

  private static boolean isAbout(ToClient begun, @Nullable Octets data) {
    return begun instanceof Register
        || (data != null && begun instanceof Publish publish && data.equals(publish.data()));
  }

  private void ends(ModelClient client, int msgId) {
    underWay.computeIfPresent(
        client.clientId(), (clientId, exchange) -> exchange.msgId() == msgId ? null : exchange);
  }

  private void begins(ModelClient client, int msgId, ToClient message) {
    Exchange before = underWay.put(client.clientId(), new Exchange(msgId, message));
    if (before != null && before.msgId() != msgId && !takesThePlaceOf(before, message)) {
      throw new Violation(
          client.clientId() + ": " + message + " while " + before.msgId() + " is outstanding");
    }
  }

  private static boolean takesThePlaceOf(Exchange before, ToClient message) {
    return message instanceof Register register
        && before.begun() instanceof Publish publish
        && publish.topic().equals(new NormalId(register.topicId()));
  }
}
