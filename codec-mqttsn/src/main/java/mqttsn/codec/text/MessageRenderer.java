package mqttsn.codec.text;

import mqttsn.codec.Advertise;
import mqttsn.codec.ConnAck;
import mqttsn.codec.Connect;
import mqttsn.codec.Disconnect;
import mqttsn.codec.GwInfo;
import mqttsn.codec.Message;
import mqttsn.codec.PingReq;
import mqttsn.codec.PubAck;
import mqttsn.codec.PubComp;
import mqttsn.codec.PubRec;
import mqttsn.codec.PubRel;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.codec.RegAck;
import mqttsn.codec.Register;
import mqttsn.codec.SearchGw;
import mqttsn.codec.SubAck;
import mqttsn.codec.Subscribe;
import mqttsn.codec.UnsubAck;
import mqttsn.codec.Unsubscribe;
import mqttsn.codec.WillMsg;
import mqttsn.codec.WillMsgResp;
import mqttsn.codec.WillMsgUpd;
import mqttsn.codec.WillTopic;
import mqttsn.codec.WillTopicResp;
import mqttsn.codec.WillTopicUpd;

/** Messages to text, the mirror image of {@link MessageParser}. */
final class MessageRenderer {

  private MessageRenderer() {}

  static void render(Message message, TextLine line) {
    line.word(message.type().name());
    switch (message.type()) {
      case ADVERTISE -> advertise((Advertise) message, line);
      case SEARCHGW -> line.number("radius", ((SearchGw) message).radius());
      case GWINFO -> gwInfo((GwInfo) message, line);
      case CONNECT -> connect((Connect) message, line);
      case CONNACK -> line.returnCode(((ConnAck) message).returnCode());
      case WILLTOPIC -> willTopic((WillTopic) message, line);
      case WILLMSG -> line.octets("willMsg", ((WillMsg) message).willMsg());
      case REGISTER -> register((Register) message, line);
      case REGACK -> regAck((RegAck) message, line);
      case PUBLISH -> publish((Publish) message, line);
      case PUBACK -> pubAck((PubAck) message, line);
      case PUBCOMP -> line.number("msgId", ((PubComp) message).msgId());
      case PUBREC -> line.number("msgId", ((PubRec) message).msgId());
      case PUBREL -> line.number("msgId", ((PubRel) message).msgId());
      case SUBSCRIBE -> subscribe((Subscribe) message, line);
      case SUBACK -> subAck((SubAck) message, line);
      case UNSUBSCRIBE -> unsubscribe((Unsubscribe) message, line);
      case UNSUBACK -> line.number("msgId", ((UnsubAck) message).msgId());
      case PINGREQ -> pingReq((PingReq) message, line);
      case DISCONNECT -> disconnect((Disconnect) message, line);
      case WILLTOPICUPD -> willTopicUpd((WillTopicUpd) message, line);
      case WILLTOPICRESP -> line.returnCode(((WillTopicResp) message).returnCode());
      case WILLMSGUPD -> line.octets("willMsg", ((WillMsgUpd) message).willMsg());
      case WILLMSGRESP -> line.returnCode(((WillMsgResp) message).returnCode());
      case WILLTOPICREQ, WILLMSGREQ, PINGRESP -> {}
    }
  }

  private static void advertise(Advertise message, TextLine line) {
    line.number("gwId", message.gwId()).number("duration", message.durationSeconds());
  }

  private static void gwInfo(GwInfo message, TextLine line) {
    line.number("gwId", message.gwId());
    if (!message.gwAdd().isEmpty()) {
      line.octets("gwAdd", message.gwAdd());
    }
  }

  private static void connect(Connect message, TextLine line) {
    line.string("clientId", message.clientId())
        .flag("will", message.will())
        .flag("cleanSession", message.cleanSession())
        .number("duration", message.durationSeconds());
  }

  private static void willTopic(WillTopic message, TextLine line) {
    if (!message.isEmpty()) {
      will(message.qos(), message.retain(), message.willTopic(), line);
    }
  }

  private static void willTopicUpd(WillTopicUpd message, TextLine line) {
    if (!message.isEmpty()) {
      will(message.qos(), message.retain(), message.willTopic(), line);
    }
  }

  private static void will(Qos qos, boolean retain, String willTopic, TextLine line) {
    line.qos(qos).flag("retain", retain).string("willTopic", willTopic);
  }

  private static void register(Register message, TextLine line) {
    line.number("topicId", message.topicId())
        .number("msgId", message.msgId())
        .string("topicName", message.topicName());
  }

  private static void regAck(RegAck message, TextLine line) {
    line.number("topicId", message.topicId())
        .number("msgId", message.msgId())
        .returnCode(message.returnCode());
  }

  private static void publish(Publish message, TextLine line) {
    line.flag("dup", message.dup())
        .qos(message.qos())
        .flag("retain", message.retain())
        .topic(message.topic())
        .number("msgId", message.msgId())
        .octets("data", message.data());
  }

  private static void pubAck(PubAck message, TextLine line) {
    line.number("topicId", message.topicId())
        .number("msgId", message.msgId())
        .returnCode(message.returnCode());
  }

  private static void subscribe(Subscribe message, TextLine line) {
    line.flag("dup", message.dup())
        .qos(message.qos())
        .topic(message.topic())
        .number("msgId", message.msgId());
  }

  private static void subAck(SubAck message, TextLine line) {
    line.qos(message.qos())
        .number("topicId", message.topicId())
        .number("msgId", message.msgId())
        .returnCode(message.returnCode());
  }

  private static void unsubscribe(Unsubscribe message, TextLine line) {
    line.topic(message.topic()).number("msgId", message.msgId());
  }

  private static void pingReq(PingReq message, TextLine line) {
    if (!message.clientId().isEmpty()) {
      line.string("clientId", message.clientId());
    }
  }

  private static void disconnect(Disconnect message, TextLine line) {
    if (message.durationSeconds() != 0) {
      line.number("duration", message.durationSeconds());
    }
  }
}
