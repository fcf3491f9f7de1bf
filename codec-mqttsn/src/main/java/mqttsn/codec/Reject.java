package mqttsn.codec;

/**
 * Why a datagram was dropped: no answer, no change of state, no sign of life (SI-1). A constant, so
 * that noise costs no allocation. An {@link Unusable} has one of these reasons too, but is
 * answered.
 */
public enum Reject implements Decoded, Unwrapped {
  /** Too few octets for a Length and a MsgType. */
  SHORT("short"),
  /** A Length that leaves no room for a MsgType; 0 among them. */
  LENGTH_TOO_SMALL("length-too-small"),
  /** A Length that runs past the datagram. */
  TRUNCATED("truncated"),
  /** Octets after the message: one datagram is one message. */
  TRAILING("trailing"),
  RESERVED_TYPE("reserved-type"),
  /** A type that only the other side receives. */
  WRONG_DIRECTION("wrong-direction"),
  /** The message ends inside a field, or before one that it must have. */
  FIELDS_MISSING("fields-missing"),
  /** The message goes on after its last field. */
  FIELDS_TOO_LONG("fields-too-long"),
  /** A CONNECT with a ProtocolId other than 0x01. */
  PROTOCOL_ID("protocol-id"),
  /** A string that is not UTF-8 or contains U+0000. */
  INVALID_STRING("invalid-string"),
  /** QoS bits 0b11 outside PUBLISH. */
  RESERVED_QOS("reserved-qos"),
  /** TopicIdType 0b11. */
  RESERVED_TOPIC_ID_TYPE("reserved-topic-id-type"),
  /** A topic name is due and the message ends. */
  TOPIC_MISSING("topic-missing"),
  /** A predefined id or short name that has not exactly two octets. */
  TOPIC_LENGTH("topic-length"),
  /** QoS -1 with a normal topic id, which only a connected client can have (§6.8). */
  QOS_MINUS_ONE_NORMAL_ID("qos-minus-one-normal-id"),
  /** An encapsulation whose own header is malformed, or with no message in it. */
  ENCAPSULATION("encapsulation"),
  /** An encapsulation inside another one. */
  NESTED_ENCAPSULATION("nested-encapsulation");

  private final String label;

  Reject(String label) {
    this.label = label;
  }

  /** The reason in lower-kebab case; stays the same over releases, for metrics. */
  public String label() {
    return label;
  }
}
