package mqttsn.codec.text;

import mqttsn.codec.Decoded;
import mqttsn.codec.Encapsulated;
import mqttsn.codec.Encapsulation;
import mqttsn.codec.Legible;
import mqttsn.codec.Message;
import mqttsn.codec.MessageType;
import mqttsn.codec.Reject;
import mqttsn.codec.Unusable;

/**
 * A message as one line of text, in both directions:
 *
 * <pre>
 * CONNECT clientId=sens1 cleanSession duration=60
 * PUBLISH qos=1 retain topic=normal:1 msgId=4 data="21.5"
 * SUBSCRIBE qos=1 topic=name:s1/# msgId=9
 *
 * line     = message
 *          | "ENCAPSULATED" "radius=" number "nodeId=" octets (message | unusable)
 *          | unusable
 *          | "REJECT" reason
 * unusable = "UNUSABLE" type "topicId=" number "msgId=" number "reason=" reason
 * message  = type { flag | key "=" value }      one space between any two of them
 * type     = the name in the standard: CONNECT, WILLTOPICREQ ...
 * flag     = "dup" | "retain" | "will" | "cleanSession"
 * key      = a field's name in the standard (duration in seconds), or "qos", or "topic"
 * value    = number | string | octets | topic | code
 * topic    = "normal:" number | "predefined:" number | "short:" string | "name:" string
 * code     = "accepted" | "congestion" | "invalid-topic-id" | "not-supported"
 * string   = characters without space, quote, backslash and control characters
 *          | '"' any characters, with \" \\ and &#92;uXXXX '"'
 * octets   = string of printable ASCII | "0x" hexadecimal digits
 * reason   = the label of a {@link Reject}
 * </pre>
 *
 * <p>Rendering has one order of fields; it always quotes text in octets, and strings only if they
 * need it. Parsing takes any order. A line may leave out qos (then 0), msgId and data of a PUBLISH
 * (0, empty), topicId of a REGISTER (0), and what may be absent on the wire: gwAdd, clientId of a
 * PINGREQ, duration of a DISCONNECT, everything of WILLTOPIC and WILLTOPICUPD.
 */
public final class MessageText {

  private MessageText() {}

  /** The line for whatever a datagram decoded to, without a line end or control characters. */
  public static String render(Decoded decoded) {
    TextLine line = new TextLine();
    if (decoded instanceof Legible legible) {
      legible(legible, line);
    } else if (decoded instanceof Encapsulated encapsulated) {
      line.word("ENCAPSULATED")
          .number("radius", encapsulated.encapsulation().radius())
          .octets("nodeId", encapsulated.nodeId());
      legible(encapsulated.message(), line);
    } else if (decoded instanceof Reject reject) {
      line.word("REJECT").word(reject.label());
    }
    return line.toString();
  }

  /**
   * The message that a line stands for.
   *
   * @throws IllegalArgumentException if the line is no message; names what is wrong and what was
   *     expected
   */
  public static Message parse(String line) {
    Decoded decoded = parseDecoded(line);
    if (decoded instanceof Message message) {
      return message;
    }
    throw new IllegalArgumentException("\"" + line + "\" is no message, expected one");
  }

  /**
   * Whatever a line of {@link #render} stands for.
   *
   * @throws IllegalArgumentException as {@link #parse}
   */
  public static Decoded parseDecoded(String line) {
    TextFields fields = new TextFields(line);
    String first = fields.word();
    Decoded decoded =
        switch (first) {
          case "ENCAPSULATED" -> {
            Encapsulation encapsulation =
                new Encapsulation(fields.number("radius"), fields.octets("nodeId"));
            yield new Encapsulated(encapsulation, legible(fields.word(), fields));
          }
          case "REJECT" -> reject(fields.word());
          default -> legible(first, fields);
        };
    fields.checkAllTaken();
    return decoded;
  }

  private static void legible(Legible legible, TextLine line) {
    if (legible instanceof Message message) {
      MessageRenderer.render(message, line);
    } else if (legible instanceof Unusable unusable) {
      line.word("UNUSABLE")
          .word(unusable.type().name())
          .number("topicId", unusable.topicId())
          .number("msgId", unusable.msgId())
          .symbol("reason", unusable.reason().label());
    }
  }

  private static Legible legible(String first, TextFields fields) {
    if (!first.equals("UNUSABLE")) {
      return MessageParser.parse(type(first), fields);
    }
    return new Unusable(
        type(fields.word()),
        fields.number("topicId"),
        fields.number("msgId"),
        reject(fields.symbol("reason")));
  }

  private static MessageType type(String name) {
    for (MessageType type : MessageType.values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "\"" + name + "\" is no message, expected a name such as CONNECT or PUBLISH");
  }

  private static Reject reject(String label) {
    for (Reject reject : Reject.values()) {
      if (reject.label().equals(label)) {
        return reject;
      }
    }
    throw new IllegalArgumentException(
        "\"" + label + "\" is no reason, expected the label of one, such as truncated");
  }
}
