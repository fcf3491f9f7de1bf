package mqttsn.topic;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import mqttsn.codec.PredefinedId;

/**
 * Reads {@code predefined-topics.csv}: a line is {@code CLIENT, TOPIC NAME, TOPIC ID}, as the
 * gateway of Eclipse Paho has it. The client ends at the first comma and the topic id begins after
 * the last one, so a name may have commas. {@code #} at the beginning of a line or after a space
 * starts a comment. UTF-8; any line ends; spaces around a value do not count.
 */
public final class PredefinedTopicsFile {

  /** The largest file in octets: some 50,000 topics. */
  public static final int MAX_BYTES = 2 << 20;

  private static final String EXPECTED_LINE = "CLIENT or *, TOPIC NAME, TOPIC ID";

  /** Leading zeros included; what has more digits is no topic id anyway. */
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  private final String fileName;

  private final Map<Key, Definition> definitions = new LinkedHashMap<>();

  private PredefinedTopicsFile(String fileName) {
    this.fileName = fileName;
  }

  /**
   * The topics in the file.
   *
   * @throws PredefinedTopicsException at its first mistake
   * @throws IOException if it cannot be read; the message is one line that names file and reason
   */
  public static PredefinedTopics read(Path file) throws PredefinedTopicsException, IOException {
    return parse(file.toString(), content(file));
  }

  private static byte[] content(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw unreadable(file, "it is a directory");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(MAX_BYTES + 1);
    } catch (NoSuchFileException e) {
      throw unreadable(file, "there is no such file");
    } catch (AccessDeniedException e) {
      throw unreadable(file, "permission denied");
    } catch (FileSystemException e) {
      throw unreadable(file, String.valueOf(e.getReason()));
    } catch (IOException e) {
      throw unreadable(file, String.valueOf(e.getMessage()));
    }
  }

  /**
   * The topics in the content of a file.
   *
   * @param fileName how messages name the file
   * @throws PredefinedTopicsException at the first mistake
   */
  static PredefinedTopics parse(String fileName, byte[] content) throws PredefinedTopicsException {
    if (content.length > MAX_BYTES) {
      throw new PredefinedTopicsException(
          fileName + ": expected a file of at most " + MAX_BYTES + " octets");
    }
    PredefinedTopicsFile file = new PredefinedTopicsFile(fileName);
    Iterator<String> lines = file.decode(content).lines().iterator();
    for (int number = 1; lines.hasNext(); number++) {
      LineSpan line = LineSpan.withoutComment(number, lines.next());
      if (!line.value().isEmpty()) {
        file.add(line);
      }
    }
    return PredefinedTopics.of(file.definitions.values().stream().map(Definition::topic).toList());
  }

  private String decode(byte[] content) throws PredefinedTopicsException {
    ByteBuffer in = ByteBuffer.wrap(content);
    CharBuffer out = CharBuffer.allocate(content.length);
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
    String decoded = out.flip().toString();
    String text = decoded.startsWith("\uFEFF") ? decoded.substring(1) : decoded;
    if (result.isError()) {
      // The mark stands for the octet, so that there is a last line and it is not empty.
      List<String> lines = (text + '?').lines().toList();
      String line = lines.get(lines.size() - 1);
      LineSpan octet = new LineSpan(lines.size(), line, line.length() - 1, line.length());
      throw fault(octet, "octet 0x%02X".formatted(in.get()), "UTF-8");
    }
    return text;
  }

  private void add(LineSpan line) throws PredefinedTopicsException {
    int firstComma = line.value().indexOf(',');
    int lastComma = line.value().lastIndexOf(',');
    if (firstComma == lastComma) {
      throw fault(line, line.quoted(), EXPECTED_LINE);
    }
    LineSpan clients = line.part(0, firstComma);
    LineSpan name = line.part(firstComma + 1, lastComma);
    LineSpan id = line.part(lastComma + 1, line.value().length());
    if (!PredefinedTopic.isClients(clients.value())) {
      throw fault(clients, "client " + clients.quoted(), PredefinedTopic.EXPECTED_CLIENTS);
    }
    TopicFault nameFault = TopicRules.DEFAULT.faultOfName(name.value());
    if (nameFault != null) {
      throw fault(name, "topic name " + name.quoted(), nameFault.expected());
    }
    int topicId = NUMBER.matcher(id.value()).matches() ? Integer.parseInt(id.value()) : 0;
    if (topicId < 1 || topicId > TopicTable.MAX_TOPIC_ID) {
      throw fault(id, "topic id " + id.quoted(), "a number from 1 to 65534");
    }
    define(new PredefinedTopic(clients.value(), name.value(), new PredefinedId(topicId)), name);
  }

  /** Takes a topic up; the same line again is harmless. */
  private void define(PredefinedTopic topic, LineSpan name) throws PredefinedTopicsException {
    Key key = new Key(topic.clients(), topic.id());
    Definition first = definitions.putIfAbsent(key, new Definition(name.number(), topic));
    if (first != null && !first.topic().name().equals(topic.name())) {
      throw fault(
          name,
          "topic name " + name.quoted(),
          "'%s' as in line %d for client '%s' and topic id %d"
              .formatted(
                  first.topic().name(), first.line(), topic.clients(), topic.id().topicId()));
    }
  }

  private PredefinedTopicsException fault(LineSpan where, String found, String expected) {
    return new PredefinedTopicsException(
        "%s:%d:%d: %s: expected %s"
            .formatted(fileName, where.number(), where.column(), found, expected));
  }

  private static IOException unreadable(Path file, String reason) {
    return new IOException(file + " cannot be read: " + reason);
  }

  private record Key(String clients, PredefinedId id) {}

  private record Definition(int line, PredefinedTopic topic) {}
}
