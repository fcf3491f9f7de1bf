package mqttsn.codec;

/** A topic id that a REGISTER or SUBSCRIBE of this client produced; 0 and 65535 are reserved. */
public record NormalId(int topicId) implements PublishTopic {

  public NormalId {
    Wire.checkUint16("topicId", topicId);
  }
}
