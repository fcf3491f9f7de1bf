package mqttsn.gateway.session;

import mqttsn.codec.Octets;
import mqttsn.codec.Qos;

/** A message of the broker on its way to a client. */
final class Delivery {

  /** What a waiting message costs besides its payload and name, in octets. */
  private static final int OVERHEAD_BYTES = 64;

  /** Of REGISTER and of PUBLISH, with a Length of three octets. */
  private static final int HEADER_BYTES = 9;

  final String topicName;
  final Octets payload;
  final Qos qos;
  final boolean retain;

  /** The broker's; 0 when the broker expects no acknowledgement (any more). */
  private int packetIdentifier;

  /** Under which MsgId a client may have received it with QoS 2; 0 for none. */
  private int msgId;

  /** QoS 1, of an earlier process, which may have acknowledged it without writing that down. */
  private boolean stale;

  /** How often the client said that it does not know the topic id; a few times at the most. */
  private byte repairs;

  Delivery(BrokerEvent.Publish publish) {
    this(
        publish.topicName(),
        publish.payload(),
        publish.qos(),
        publish.retain(),
        publish.packetIdentifier());
  }

  Delivery(SessionRecord.Message message) {
    this(
        message.topicName(),
        message.payload(),
        message.qos(),
        message.retain(),
        message.packetIdentifier());
    msgId = message.msgId();
    stale = qos == Qos.ONE;
  }

  private Delivery(
      String topicName, Octets payload, Qos qos, boolean retain, int packetIdentifier) {
    this.topicName = topicName;
    this.payload = payload;
    this.qos = qos;
    this.retain = retain;
    this.packetIdentifier = packetIdentifier;
  }

  SessionRecord.Message record() {
    return new SessionRecord.Message(topicName, payload, qos, retain, packetIdentifier, msgId);
  }

  int packetIdentifier() {
    return packetIdentifier;
  }

  /** Whether the broker sends this message again. */
  boolean isSameAs(BrokerEvent.Publish publish) {
    return publish.dup()
        && publish.packetIdentifier() == packetIdentifier
        && publish.qos() == qos
        && publish.retain() == retain
        && publish.topicName().equals(topicName)
        && publish.payload().equals(payload);
  }

  /**
   * Whether the broker may have its acknowledgement, and use its packet identifier for another
   * message that it has not sent again yet.
   */
  boolean isPerhapsAcknowledged() {
    return stale;
  }

  /** The broker has sent this message again: it waits for an acknowledgement. */
  void repeated() {
    stale = false;
  }

  /** The broker knows nothing of this message any more: it lost its session, or had its answer. */
  void forgottenByBroker() {
    packetIdentifier = 0;
  }

  /** QoS 2: the client has it, and the broker may use its packet identifier anew before long. */
  void received() {
    packetIdentifier = 0;
  }

  /** Whether it is to be delivered surely and the broker does not have it any more. */
  boolean isOnlyHere() {
    return packetIdentifier == 0 && qos != Qos.ZERO;
  }

  /** The MsgId that it keeps, so that the client knows it again; 0 for none yet. */
  int msgId() {
    return msgId;
  }

  void msgId(int newMsgId) {
    msgId = newMsgId;
  }

  /**
   * Whether it waits here for the client's next connection: the broker cannot bring it again, or
   * not as the same message.
   */
  boolean staysHere() {
    return isOnlyHere() || msgId != 0;
  }

  /** The client does not know the topic id. How often this has happened now. */
  int repair() {
    return ++repairs;
  }

  /** What it takes of the buffers, in octets. */
  long bytes() {
    return (long) payload.size() + topicName.length() + OVERHEAD_BYTES;
  }

  /** Length of its REGISTER or its PUBLISH, the longer one, with the longer header, in octets. */
  int longestMessageBytes() {
    return Math.max(payload.size(), utf8Length(topicName)) + HEADER_BYTES;
  }

  private static int utf8Length(String name) {
    int length = 0;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      length += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return length;
  }
}
