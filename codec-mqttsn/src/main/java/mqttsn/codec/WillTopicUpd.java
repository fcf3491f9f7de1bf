package mqttsn.codec;

/**
 * WILLTOPICUPD (§5.4.22): another will topic during a connection, or empty: no will from now on.
 *
 * @param qos of the will, never -1
 * @param willTopic empty in the empty form, which has no flags either
 */
public record WillTopicUpd(Qos qos, boolean retain, String willTopic) implements ToGateway {

  /** Deletes will topic and will message. */
  public static final WillTopicUpd EMPTY = new WillTopicUpd(Qos.ZERO, false, "");

  public WillTopicUpd {
    Wire.checkWillTopic(MessageType.WILLTOPICUPD, qos, retain, willTopic);
  }

  public boolean isEmpty() {
    return willTopic.isEmpty();
  }

  @Override
  public MessageType type() {
    return MessageType.WILLTOPICUPD;
  }
}
