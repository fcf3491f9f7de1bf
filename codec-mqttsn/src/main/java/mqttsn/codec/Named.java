package mqttsn.codec;

/** A topic name or topic filter in full, at least one character. */
public record Named(String topicName) implements SubscribeTopic {

  public Named {
    Wire.checkNotEmpty("topicName", topicName);
    Wire.checkTail(MessageType.SUBSCRIBE, "topicName", topicName);
  }
}
