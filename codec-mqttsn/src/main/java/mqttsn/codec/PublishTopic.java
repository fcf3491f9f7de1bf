package mqttsn.codec;

/** What a PUBLISH names its topic by (§5.3.11). */
public sealed interface PublishTopic permits NormalId, PredefinedId, ShortName {

  /** The TopicId field of the PUBLISH, which its PUBACK repeats: 0 to 65535. */
  int topicId();
}
