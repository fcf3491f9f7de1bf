package mqttsn.codec;

/** A topic name of exactly two octets, sent in place of a topic id. */
public record ShortName(String topicName) implements PublishTopic, SubscribeTopic {

  public ShortName {
    if (Utf8.length(topicName) != 2) {
      throw new IllegalArgumentException(
          "short topicName is \"" + topicName + "\", expected two octets of UTF-8 without U+0000");
    }
  }

  /** The two octets of the name, the first one in the high byte. */
  @Override
  public int topicId() {
    char first = topicName.charAt(0);
    return first < 0x80
        ? (first << 8) | topicName.charAt(1)
        : ((0xC0 | (first >> 6)) << 8) | 0x80 | (first & 0x3F);
  }
}
