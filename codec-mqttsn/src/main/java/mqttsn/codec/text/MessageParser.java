package mqttsn.codec.text;

import mqttsn.codec.Advertise;
import mqttsn.codec.ConnAck;
import mqttsn.codec.Connect;
import mqttsn.codec.Disconnect;
import mqttsn.codec.GwInfo;
import mqttsn.codec.Message;
import mqttsn.codec.MessageType;
import mqttsn.codec.Octets;
import mqttsn.codec.PingReq;
import mqttsn.codec.PingResp;
import mqttsn.codec.PubAck;
import mqttsn.codec.PubComp;
import mqttsn.codec.PubRec;
import mqttsn.codec.PubRel;
import mqttsn.codec.Publish;
import mqttsn.codec.RegAck;
import mqttsn.codec.Register;
import mqttsn.codec.SearchGw;
import mqttsn.codec.SubAck;
import mqttsn.codec.Subscribe;
import mqttsn.codec.UnsubAck;
import mqttsn.codec.Unsubscribe;
import mqttsn.codec.WillMsg;
import mqttsn.codec.WillMsgReq;
import mqttsn.codec.WillMsgResp;
import mqttsn.codec.WillMsgUpd;
import mqttsn.codec.WillTopic;
import mqttsn.codec.WillTopicReq;
import mqttsn.codec.WillTopicResp;
import mqttsn.codec.WillTopicUpd;

/** Text to messages, the mirror image of {@link MessageRenderer}. */
final class MessageParser {

  private MessageParser() {}

  static Message parse(MessageType type, TextFields fields) {
    return switch (type) {
      case ADVERTISE -> new Advertise(fields.number("gwId"), fields.number("duration"));
      case SEARCHGW -> new SearchGw(fields.number("radius"));
      case GWINFO -> new GwInfo(fields.number("gwId"), fields.octets("gwAdd", Octets.EMPTY));
      case CONNECT ->
          new Connect(
              fields.flag("will"),
              fields.flag("cleanSession"),
              fields.number("duration"),
              fields.string("clientId"));
      case CONNACK -> new ConnAck(fields.returnCode());
      case WILLTOPICREQ -> new WillTopicReq();
      case WILLTOPIC ->
          new WillTopic(fields.qos(), fields.flag("retain"), fields.string("willTopic", ""));
      case WILLMSGREQ -> new WillMsgReq();
      case WILLMSG -> new WillMsg(fields.octets("willMsg"));
      case REGISTER ->
          new Register(
              fields.number("topicId", 0), fields.number("msgId"), fields.string("topicName"));
      case REGACK ->
          new RegAck(fields.number("topicId"), fields.number("msgId"), fields.returnCode());
      case PUBLISH ->
          new Publish(
              fields.flag("dup"),
              fields.qos(),
              fields.flag("retain"),
              fields.publishTopic(),
              fields.number("msgId", 0),
              fields.octets("data", Octets.EMPTY));
      case PUBACK ->
          new PubAck(fields.number("topicId"), fields.number("msgId"), fields.returnCode());
      case PUBCOMP -> new PubComp(fields.number("msgId"));
      case PUBREC -> new PubRec(fields.number("msgId"));
      case PUBREL -> new PubRel(fields.number("msgId"));
      case SUBSCRIBE ->
          new Subscribe(
              fields.flag("dup"), fields.qos(), fields.number("msgId"), fields.subscribeTopic());
      case SUBACK ->
          new SubAck(
              fields.qos(), fields.number("topicId"), fields.number("msgId"), fields.returnCode());
      case UNSUBSCRIBE -> new Unsubscribe(fields.number("msgId"), fields.subscribeTopic());
      case UNSUBACK -> new UnsubAck(fields.number("msgId"));
      case PINGREQ -> new PingReq(fields.string("clientId", ""));
      case PINGRESP -> new PingResp();
      case DISCONNECT -> new Disconnect(fields.number("duration", 0));
      case WILLTOPICUPD ->
          new WillTopicUpd(fields.qos(), fields.flag("retain"), fields.string("willTopic", ""));
      case WILLTOPICRESP -> new WillTopicResp(fields.returnCode());
      case WILLMSGUPD -> new WillMsgUpd(fields.octets("willMsg"));
      case WILLMSGRESP -> new WillMsgResp(fields.returnCode());
    };
  }
}
