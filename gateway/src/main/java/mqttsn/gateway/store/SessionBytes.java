package mqttsn.gateway.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import mqttsn.codec.Decoder;
import mqttsn.codec.Encoder;
import mqttsn.codec.Message;
import mqttsn.codec.Named;
import mqttsn.codec.Octets;
import mqttsn.codec.PredefinedId;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.codec.ShortName;
import mqttsn.codec.SubscribeTopic;
import mqttsn.codec.ToClient;
import mqttsn.gateway.session.ClientAddress;
import mqttsn.gateway.session.SessionRecord;
import mqttsn.gateway.session.SessionRecord.ExchangePhase;
import mqttsn.gateway.session.State;
import mqttsn.gateway.session.Will;
import mqttsn.topic.TopicTable;
import org.jspecify.annotations.Nullable;

/**
 * A session record as octets, and back. Messages are written as they stand on the wire.
 *
 * <p>The first octet is the version of the layout. A later release reads what an earlier one wrote.
 */
final class SessionBytes {

  private static final int VERSION = 5;

  /** Messages had no MsgId yet. */
  private static final int WITHOUT_MSG_IDS = 1;

  /** What had ended was not told yet. */
  private static final int WITHOUT_COMPLETED = 2;

  /** A will that was on its way was that of an active client that had been silent for too long. */
  private static final int WITHOUT_LEAVING_WILL = 3;

  /** Whether a client waits for the answer to its publish was not told yet: it was answered. */
  private static final int WITHOUT_AWAITED = 4;

  private SessionBytes() {}

  /**
   * @param savedAtMillis wall-clock time, because monotonic time ends with the process
   */
  static byte[] write(SessionRecord session, long savedAtMillis) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeLong(savedAtMillis);
      writeClient(session, out);
      writeTopics(session, out);
      writeUplink(session, out);
      writeDownlink(session, out);
      writeWill(session.leavingWill(), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array takes everything
    }
    return bytes.toByteArray();
  }

  /** A session that was read back, and when it was written. */
  record Saved(SessionRecord session, long savedAtMillis) {}

  /**
   * @throws IOException if these octets are no session of a version known here
   */
  static Saved read(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readUnsignedByte();
      if (version < WITHOUT_MSG_IDS || version > VERSION) {
        throw new IOException("version " + version + " of a session, expected 1 to " + VERSION);
      }
      long savedAtMillis = in.readLong();
      String clientId = in.readUTF();
      ClientAddress address = readAddress(in);
      State state = State.valueOf(in.readUTF());
      boolean cleanSession = in.readBoolean();
      int durationSeconds = in.readInt();
      int sleepSeconds = in.readInt();
      long silentNanos = in.readLong();
      Will will = readWill(in);
      TopicTable.Snapshot topics = readTopics(in);
      List<SessionRecord.Subscription> subscriptions = readSubscriptions(in);
      List<SessionRecord.Exchange> exchanges = readExchanges(version, in);
      int lastPacketIdentifier = in.readUnsignedShort();
      List<Integer> completed = version <= WITHOUT_COMPLETED ? List.of() : readShorts(in);
      SessionRecord.Outstanding outstanding =
          in.readBoolean() ? readOutstanding(version, in) : null;
      List<SessionRecord.Message> waiting = readMessages(version, in);
      Set<Integer> received = Set.copyOf(readShorts(in));
      int lastMsgId = in.readUnsignedShort();
      Will leavingWill = version <= WITHOUT_LEAVING_WILL ? null : readWill(in);
      return new Saved(
          new SessionRecord(
              clientId,
              address,
              state,
              cleanSession,
              durationSeconds,
              sleepSeconds,
              silentNanos,
              will,
              topics,
              subscriptions,
              exchanges,
              completed,
              outstanding,
              waiting,
              received,
              lastMsgId,
              lastPacketIdentifier,
              leavingWill),
          savedAtMillis);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  // --- the client

  private static void writeClient(SessionRecord session, DataOutputStream out) throws IOException {
    out.writeUTF(session.clientId());
    writeAddress(session.address(), out);
    out.writeUTF(session.state().name());
    out.writeBoolean(session.cleanSession());
    out.writeInt(session.durationSeconds());
    out.writeInt(session.sleepSeconds());
    out.writeLong(session.silentNanos());
    writeWill(session.will(), out);
  }

  private static void writeWill(@Nullable Will will, DataOutputStream out) throws IOException {
    out.writeBoolean(will != null);
    if (will != null) {
      out.writeUTF(will.topicName());
      writeOctets(will.payload(), out);
      out.writeByte(will.qos().level());
      out.writeBoolean(will.retain());
    }
  }

  private static @Nullable Will readWill(DataInputStream in) throws IOException {
    return in.readBoolean()
        ? new Will(in.readUTF(), readOctets(in), Qos.ofLevel(in.readByte()), in.readBoolean())
        : null;
  }

  private static void writeAddress(ClientAddress address, DataOutputStream out) throws IOException {
    byte[] host = address.socket().getAddress().getAddress();
    out.writeByte(address.listener());
    out.writeByte(host.length);
    out.write(host);
    out.writeShort(address.socket().getPort());
    Octets nodeId = address.nodeId();
    out.writeBoolean(nodeId != null);
    if (nodeId != null) {
      writeOctets(nodeId, out);
    }
  }

  private static ClientAddress readAddress(DataInputStream in) throws IOException {
    int listener = in.readUnsignedByte();
    byte[] host = in.readNBytes(in.readUnsignedByte());
    InetSocketAddress socket =
        new InetSocketAddress(InetAddress.getByAddress(host), in.readUnsignedShort());
    return new ClientAddress(listener, socket, in.readBoolean() ? readOctets(in) : null);
  }

  // --- topics

  private static void writeTopics(SessionRecord session, DataOutputStream out) throws IOException {
    out.writeShort(session.topics().lastId());
    out.writeShort(session.topics().topics().size());
    for (TopicTable.Topic topic : session.topics().topics()) {
      out.writeShort(topic.topicId());
      out.writeUTF(topic.name());
      out.writeBoolean(topic.confirmed());
    }
    out.writeShort(session.subscriptions().size());
    for (SessionRecord.Subscription subscription : session.subscriptions()) {
      out.writeByte(kindOf(subscription.topic()));
      out.writeShort(subscription.topic() instanceof PredefinedId id ? id.topicId() : 0);
      out.writeUTF(subscription.topicFilter());
      out.writeByte(subscription.qos().level());
    }
  }

  private static TopicTable.Snapshot readTopics(DataInputStream in) throws IOException {
    int lastId = in.readUnsignedShort();
    int count = in.readUnsignedShort();
    List<TopicTable.Topic> topics = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      topics.add(new TopicTable.Topic(in.readUnsignedShort(), in.readUTF(), in.readBoolean()));
    }
    return new TopicTable.Snapshot(lastId, topics);
  }

  private static List<SessionRecord.Subscription> readSubscriptions(DataInputStream in)
      throws IOException {
    int count = in.readUnsignedShort();
    List<SessionRecord.Subscription> subscriptions = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int kind = in.readUnsignedByte();
      int topicId = in.readUnsignedShort();
      String filter = in.readUTF();
      subscriptions.add(
          new SessionRecord.Subscription(
              topicOf(kind, topicId, filter), filter, Qos.ofLevel(in.readByte())));
    }
    return subscriptions;
  }

  /** The TopicIdType of a SUBSCRIBE (§5.3.4). */
  private static int kindOf(SubscribeTopic topic) {
    return topic instanceof Named ? 0 : topic instanceof PredefinedId ? 1 : 2;
  }

  private static SubscribeTopic topicOf(int kind, int topicId, String filter) throws IOException {
    return switch (kind) {
      case 0 -> new Named(filter);
      case 1 -> new PredefinedId(topicId);
      case 2 -> new ShortName(filter);
      default -> throw new IOException("kind " + kind + " of a subscription, expected 0 to 2");
    };
  }

  // --- messages under way

  private static void writeUplink(SessionRecord session, DataOutputStream out) throws IOException {
    out.writeShort(session.exchanges().size());
    for (SessionRecord.Exchange exchange : session.exchanges()) {
      writeWire(exchange.publish(), out);
      out.writeUTF(exchange.topicName());
      out.writeShort(exchange.packetIdentifier());
      out.writeUTF(exchange.phase().name());
      out.writeBoolean(exchange.awaited());
      out.writeBoolean(exchange.abandoned());
    }
    out.writeShort(session.lastPacketIdentifier());
    writeShorts(session.completed(), out);
  }

  private static List<SessionRecord.Exchange> readExchanges(int version, DataInputStream in)
      throws IOException {
    int count = in.readUnsignedShort();
    List<SessionRecord.Exchange> exchanges = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      if (!(Decoder.toGateway(readWire(in)) instanceof Publish publish)) {
        throw new IOException("a message under way is no PUBLISH");
      }
      exchanges.add(
          new SessionRecord.Exchange(
              publish,
              in.readUTF(),
              in.readUnsignedShort(),
              ExchangePhase.valueOf(in.readUTF()),
              version <= WITHOUT_AWAITED || in.readBoolean(),
              version > WITHOUT_AWAITED && in.readBoolean()));
    }
    return exchanges;
  }

  private static void writeDownlink(SessionRecord session, DataOutputStream out)
      throws IOException {
    SessionRecord.@Nullable Outstanding outstanding = session.outstanding();
    out.writeBoolean(outstanding != null);
    if (outstanding != null) {
      writeMessage(outstanding.message(), out);
      writeWire((Message) outstanding.lastSent(), out);
    }
    out.writeInt(session.waiting().size());
    for (SessionRecord.Message message : session.waiting()) {
      writeMessage(message, out);
    }
    writeShorts(session.received(), out);
    out.writeShort(session.lastMsgId());
  }

  private static SessionRecord.Outstanding readOutstanding(int version, DataInputStream in)
      throws IOException {
    SessionRecord.Message message = readMessage(version, in);
    if (!(Decoder.toClient(readWire(in)) instanceof ToClient lastSent)) {
      throw new IOException("a message under way cannot be decoded");
    }
    return new SessionRecord.Outstanding(message, lastSent);
  }

  private static List<SessionRecord.Message> readMessages(int version, DataInputStream in)
      throws IOException {
    int count = in.readInt();
    List<SessionRecord.Message> messages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      messages.add(readMessage(version, in));
    }
    return messages;
  }

  private static void writeShorts(Collection<Integer> numbers, DataOutputStream out)
      throws IOException {
    out.writeShort(numbers.size());
    for (int number : numbers) {
      out.writeShort(number);
    }
  }

  private static List<Integer> readShorts(DataInputStream in) throws IOException {
    int count = in.readUnsignedShort();
    List<Integer> numbers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      numbers.add(in.readUnsignedShort());
    }
    return numbers;
  }

  private static void writeMessage(SessionRecord.Message message, DataOutputStream out)
      throws IOException {
    out.writeUTF(message.topicName());
    writeOctets(message.payload(), out);
    out.writeByte(message.qos().level());
    out.writeBoolean(message.retain());
    out.writeShort(message.packetIdentifier());
    out.writeShort(message.msgId());
  }

  private static SessionRecord.Message readMessage(int version, DataInputStream in)
      throws IOException {
    return new SessionRecord.Message(
        in.readUTF(),
        readOctets(in),
        Qos.ofLevel(in.readByte()),
        in.readBoolean(),
        in.readUnsignedShort(),
        version == WITHOUT_MSG_IDS ? 0 : in.readUnsignedShort());
  }

  private static void writeWire(Message message, DataOutputStream out) throws IOException {
    ByteBuf wire = Unpooled.buffer(Encoder.encodedLength(message));
    Encoder.encode(message, wire);
    out.writeInt(wire.readableBytes());
    out.write(wire.array(), 0, wire.readableBytes());
  }

  private static ByteBuf readWire(DataInputStream in) throws IOException {
    return Unpooled.wrappedBuffer(in.readNBytes(in.readInt()));
  }

  private static void writeOctets(Octets octets, DataOutputStream out) throws IOException {
    out.writeInt(octets.size());
    out.write(octets.toByteArray());
  }

  private static Octets readOctets(DataInputStream in) throws IOException {
    return Octets.of(in.readNBytes(in.readInt()));
  }
}
