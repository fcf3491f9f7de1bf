package mqttsn.codec;

import java.util.Random;

/** Valid messages of every type, the same ones for the same seed. */
final class RandomMessages {

  /** One character for each length in UTF-8, and the ends of their ranges. */
  private static final int[] CHARACTERS = {
    0x01, ' ', '"', '#', '+', '/', '=', 'a', '\\', 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFD,
    0xFFFF, 0x10000, 0x10FFFF
  };

  private final Random random;

  RandomMessages(long seed) {
    random = new Random(seed);
  }

  Message next(MessageType type) {
    return switch (type) {
      case ADVERTISE -> new Advertise(uint8(), uint16());
      case SEARCHGW -> new SearchGw(uint8());
      case GWINFO -> new GwInfo(uint8(), octets());
      case CONNECT -> new Connect(bool(), bool(), uint16(), string(0));
      case CONNACK -> new ConnAck(returnCode());
      case WILLTOPICREQ -> new WillTopicReq();
      case WILLTOPIC ->
          bool() ? WillTopic.EMPTY : new WillTopic(subscriptionQos(), bool(), string(1));
      case WILLMSGREQ -> new WillMsgReq();
      case WILLMSG -> new WillMsg(octets());
      case REGISTER -> new Register(uint16(), uint16(), string(1));
      case REGACK -> new RegAck(uint16(), uint16(), returnCode());
      case PUBLISH -> publish();
      case PUBACK -> new PubAck(uint16(), uint16(), returnCode());
      case PUBCOMP -> new PubComp(uint16());
      case PUBREC -> new PubRec(uint16());
      case PUBREL -> new PubRel(uint16());
      case SUBSCRIBE -> new Subscribe(bool(), subscriptionQos(), uint16(), subscribeTopic());
      case SUBACK -> new SubAck(subscriptionQos(), uint16(), uint16(), returnCode());
      case UNSUBSCRIBE -> new Unsubscribe(uint16(), subscribeTopic());
      case UNSUBACK -> new UnsubAck(uint16());
      case PINGREQ -> new PingReq(string(0));
      case PINGRESP -> new PingResp();
      case DISCONNECT -> new Disconnect(bool() ? 0 : uint16());
      case WILLTOPICUPD ->
          bool() ? WillTopicUpd.EMPTY : new WillTopicUpd(subscriptionQos(), bool(), string(1));
      case WILLTOPICRESP -> new WillTopicResp(returnCode());
      case WILLMSGUPD -> new WillMsgUpd(octets());
      case WILLMSGRESP -> new WillMsgResp(returnCode());
    };
  }

  private Publish publish() {
    Qos qos = Qos.ofLevel(random.nextInt(4) - 1);
    PublishTopic topic =
        switch (random.nextInt(qos == Qos.MINUS_ONE ? 2 : 3)) {
          case 0 -> new PredefinedId(uint16());
          case 1 -> shortName();
          default -> new NormalId(uint16());
        };
    return new Publish(bool(), qos, bool(), topic, uint16(), octets());
  }

  private SubscribeTopic subscribeTopic() {
    return switch (random.nextInt(3)) {
      case 0 -> new PredefinedId(uint16());
      case 1 -> shortName();
      default -> new Named(string(1));
    };
  }

  private ShortName shortName() {
    int character = 1 + random.nextInt(0x7FF);
    return new ShortName(
        character < 0x80 ? Character.toString(character) + "x" : Character.toString(character));
  }

  private String string(int minCharacters) {
    StringBuilder text = new StringBuilder();
    int characters = minCharacters + size();
    for (int i = 0; i < characters; i++) {
      text.appendCodePoint(CHARACTERS[random.nextInt(CHARACTERS.length)]);
    }
    return text.toString();
  }

  private Octets octets() {
    byte[] bytes = new byte[size()];
    random.nextBytes(bytes);
    return Octets.of(bytes);
  }

  /** Mostly small, sometimes around the end of the short form, seldom large. */
  private int size() {
    int kind = random.nextInt(20);
    if (kind == 0) {
      return random.nextInt(5_000);
    }
    return kind < 5 ? 240 + random.nextInt(20) : random.nextInt(30);
  }

  private Qos subscriptionQos() {
    return Qos.ofLevel(random.nextInt(3));
  }

  private ReturnCode returnCode() {
    return ReturnCode.fromCode(random.nextInt(4));
  }

  private boolean bool() {
    return random.nextBoolean();
  }

  private int uint8() {
    return random.nextInt(0x100);
  }

  private int uint16() {
    return random.nextInt(0x1_0000);
  }
}
