package mqttsn.codec;

/**
 * WILLTOPIC (§5.4.7): the will topic of a connect dialogue, or empty: no will from now on.
 *
 * @param qos of the will, never -1
 * @param willTopic empty in the empty form, which has no flags either
 */
public record WillTopic(Qos qos, boolean retain, String willTopic) implements ToGateway {

  /** Deletes will topic and will message. */
  public static final WillTopic EMPTY = new WillTopic(Qos.ZERO, false, "");

  public WillTopic {
    Wire.checkWillTopic(MessageType.WILLTOPIC, qos, retain, willTopic);
  }

  public boolean isEmpty() {
    return willTopic.isEmpty();
  }

  @Override
  public MessageType type() {
    return MessageType.WILLTOPIC;
  }
}
