package mqttsn.gateway.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.gateway.session.QueuedMessage;
import org.jspecify.annotations.Nullable;

/** A queued message as octets: its summary, which a start reads, and the rest. */
final class QueueBytes {

  private QueueBytes() {}

  /**
   * @param storedAtMillis wall-clock time, because monotonic time ends with the process
   */
  static byte[] summary(QueuedMessage message, long storedAtMillis) {
    return sealed(
        message.number(),
        32 + message.clientId().length(),
        out -> {
          out.writeLong(storedAtMillis);
          out.writeByte(message.qos().level());
          out.writeBoolean(false);
          out.writeShort(message.packetIdentifier());
          out.writeInt(message.bytes());
          out.writeUTF(message.clientId());
        });
  }

  /**
   * The summary of a message.
   *
   * @param clientIds the ones that were read before, so that each is in the memory once
   * @return null if these octets are damaged
   */
  static QueuedMessage.@Nullable Summary readSummary(
      long number, byte[] sealed, long nowMillis, Map<String, String> clientIds) {
    return unsealed(
        number,
        sealed,
        in -> {
          long ageMillis = Math.max(0, nowMillis - in.readLong());
          Qos qos = Qos.ofLevel(in.readByte());
          boolean released = in.readBoolean();
          int packetIdentifier = in.readUnsignedShort();
          int bytes = in.readInt();
          String clientId = in.readUTF();
          String same = clientIds.computeIfAbsent(clientId, first -> first);
          return new QueuedMessage.Summary(
              number, same, qos, bytes, packetIdentifier, released, ageMillis);
        });
  }

  /** The same summary of a message that the broker has. */
  static byte @Nullable [] released(long number, byte[] sealed) {
    byte[] octets = Checked.open(number, sealed);
    if (octets == null) {
      return null;
    }
    octets[Long.BYTES + 1] = 1;
    return Checked.seal(number, octets);
  }

  static byte[] message(QueuedMessage message) {
    return sealed(
        message.number(),
        48 + message.bytes(),
        out -> {
          out.writeLong(message.sequence());
          out.writeByte(message.qos().level());
          out.writeBoolean(message.retain());
          out.writeShort(message.packetIdentifier());
          out.writeUTF(message.clientId());
          out.writeUTF(message.topicName());
          out.write(message.payload().toByteArray());
        });
  }

  /**
   * A message.
   *
   * @return null if these octets are damaged
   */
  static @Nullable QueuedMessage readMessage(long number, byte[] sealed) {
    return unsealed(
        number,
        sealed,
        in -> {
          long sequence = in.readLong();
          Qos qos = Qos.ofLevel(in.readByte());
          boolean retain = in.readBoolean();
          int packetIdentifier = in.readUnsignedShort();
          String clientId = in.readUTF();
          String topicName = in.readUTF();
          Octets payload = Octets.of(in.readAllBytes());
          return new QueuedMessage(
              number, clientId, sequence, topicName, payload, qos, retain, packetIdentifier);
        });
  }

  private interface Writer {
    void write(DataOutputStream out) throws IOException;
  }

  private interface Reader<T> {
    T read(DataInputStream in) throws IOException;
  }

  private static byte[] sealed(long number, int sizeHint, Writer writer) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream(sizeHint);
    try (DataOutputStream out = new DataOutputStream(octets)) {
      writer.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array takes everything
    }
    return Checked.seal(number, octets.toByteArray());
  }

  private static <T> @Nullable T unsealed(long number, byte[] sealed, Reader<T> reader) {
    byte[] octets = Checked.open(number, sealed);
    if (octets == null) {
      return null;
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(octets))) {
      return reader.read(in);
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }
}
