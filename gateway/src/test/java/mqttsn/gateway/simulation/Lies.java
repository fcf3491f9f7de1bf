package mqttsn.gateway.simulation;

import java.util.ArrayList;
import java.util.List;
import mqttsn.codec.Connect;
import mqttsn.codec.Disconnect;
import mqttsn.codec.Message;
import mqttsn.codec.Named;
import mqttsn.codec.NormalId;
import mqttsn.codec.Octets;
import mqttsn.codec.PingReq;
import mqttsn.codec.PingResp;
import mqttsn.codec.PubAck;
import mqttsn.codec.PubComp;
import mqttsn.codec.PubRec;
import mqttsn.codec.PubRel;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.codec.RegAck;
import mqttsn.codec.Register;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.SearchGw;
import mqttsn.codec.Subscribe;
import mqttsn.codec.Unsubscribe;
import mqttsn.codec.WillMsg;
import mqttsn.codec.WillMsgUpd;
import mqttsn.codec.WillTopic;
import mqttsn.codec.WillTopicUpd;
import mqttsn.gateway.session.ClientAddress;

/** Sequences of messages in no order that a standard knows, from a client of its own. */
final class Lies {

  private Lies() {}

  static List<Octets> about(ClientAddress from, Dice dice) {
    List<Octets> datagrams = new ArrayList<>();
    int length = dice.between(1, 20);
    for (int i = 0; i < length; i++) {
      datagrams.add(Network.encode(any(dice), from.nodeId()));
    }
    return datagrams;
  }

  private static Message any(Dice dice) {
    int number = dice.between(0, 3);
    ReturnCode returnCode = dice.pick(List.of(ReturnCode.values()));
    Qos qos = Qos.ofLevel(dice.between(0, 2));
    return switch (dice.between(0, 18)) {
      case 0, 1, 2 ->
          new Connect(dice.chance(0.3), dice.chance(0.5), dice.between(0, 70), "liar" + number);
      case 3 -> new WillTopic(qos, false, "lies/will");
      case 4 -> new WillMsg(Octets.utf8("lie"));
      case 5 -> new Register(0, number, dice.chance(0.5) ? "lies/#" : "lies/x");
      case 6 -> new RegAck(number, number, returnCode);
      case 7 ->
          new Publish(dice.chance(0.5), qos, false, new NormalId(number), number, Octets.EMPTY);
      case 8 -> new PubAck(number, number, returnCode);
      case 9 -> new PubRec(number);
      case 10 -> new PubRel(number);
      case 11 -> new PubComp(number);
      case 12 -> new Subscribe(false, qos, number, new Named(dice.chance(0.3) ? "a#" : "lies/+"));
      case 13 -> new Unsubscribe(number, new Named("lies/+"));
      case 14 -> dice.chance(0.5) ? new PingReq("liar" + number) : new PingResp();
      case 15 -> new Disconnect(dice.between(0, 30));
      case 16 -> dice.chance(0.5) ? WillTopicUpd.EMPTY : new WillTopicUpd(qos, false, "lies/w");
      case 17 -> new WillMsgUpd(Octets.utf8("lie"));
      default -> new SearchGw(number);
    };
  }
}
