package mqttsn.codec;

/** A topic id that gateway and client know beforehand; 0 and 65535 are reserved. */
public record PredefinedId(int topicId) implements PublishTopic, SubscribeTopic {

  public PredefinedId {
    Wire.checkUint16("topicId", topicId);
  }
}
