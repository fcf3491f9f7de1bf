package mqttsn.codec.text;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import mqttsn.codec.Named;
import mqttsn.codec.NormalId;
import mqttsn.codec.Octets;
import mqttsn.codec.PredefinedId;
import mqttsn.codec.PublishTopic;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.ShortName;
import mqttsn.codec.SubscribeTopic;
import org.jspecify.annotations.Nullable;

/** The words of a line, taken one by one: bare words by position, fields by key. */
final class TextFields {

  private static final String HEX_PREFIX = "0x";

  /** What nobody has taken yet, in the order of the line. */
  private final List<String> words;

  TextFields(String line) {
    words = split(line);
  }

  /** Takes the next word. */
  String word() {
    if (words.isEmpty()) {
      throw new IllegalArgumentException("the line ends, expected another word");
    }
    return words.remove(0);
  }

  boolean flag(String name) {
    return words.remove(name);
  }

  int number(String key) {
    return number(key, required(key));
  }

  int number(String key, int absent) {
    String value = take(key);
    return value == null ? absent : number(key, value);
  }

  Qos qos() {
    return Qos.ofLevel(number("qos", 0));
  }

  String symbol(String key) {
    return required(key);
  }

  ReturnCode returnCode() {
    String label = required("returnCode");
    for (ReturnCode returnCode : ReturnCode.values()) {
      if (returnCode.label().equals(label)) {
        return returnCode;
      }
    }
    throw new IllegalArgumentException(
        "returnCode is \""
            + label
            + "\", expected accepted, congestion, invalid-topic-id or not-supported");
  }

  String string(String key) {
    return unquote(required(key));
  }

  String string(String key, String absent) {
    String value = take(key);
    return value == null ? absent : unquote(value);
  }

  Octets octets(String key) {
    return octetsOf(required(key));
  }

  Octets octets(String key, Octets absent) {
    String value = take(key);
    return value == null ? absent : octetsOf(value);
  }

  PublishTopic publishTopic() {
    String topic = required("topic");
    String value = topic.substring(topic.indexOf(':') + 1);
    return switch (kind(topic)) {
      case "normal" -> new NormalId(number("topic", value));
      case "predefined" -> new PredefinedId(number("topic", value));
      case "short" -> new ShortName(unquote(value));
      default ->
          throw new IllegalArgumentException(
              "topic is " + topic + ", expected normal:ID, predefined:ID or short:NAME");
    };
  }

  SubscribeTopic subscribeTopic() {
    String topic = required("topic");
    String value = topic.substring(topic.indexOf(':') + 1);
    return switch (kind(topic)) {
      case "name" -> new Named(unquote(value));
      case "predefined" -> new PredefinedId(number("topic", value));
      case "short" -> new ShortName(unquote(value));
      default ->
          throw new IllegalArgumentException(
              "topic is " + topic + ", expected name:NAME, predefined:ID or short:NAME");
    };
  }

  /** Refuses what does not belong to the message, and what stands twice. */
  void checkAllTaken() {
    if (!words.isEmpty()) {
      throw new IllegalArgumentException(
          "\"" + words.get(0) + "\" is left over, expected no such field or no second one");
    }
  }

  private String required(String key) {
    String value = take(key);
    if (value == null) {
      throw new IllegalArgumentException(key + " is missing, expected " + key + "=...");
    }
    return value;
  }

  private @Nullable String take(String key) {
    for (Iterator<String> each = words.iterator(); each.hasNext(); ) {
      String word = each.next();
      if (word.startsWith(key) && word.startsWith("=", key.length())) {
        each.remove();
        return word.substring(key.length() + 1);
      }
    }
    return null;
  }

  private static int number(String key, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(key + " is \"" + value + "\", expected a number", e);
    }
  }

  private static Octets octetsOf(String value) {
    return value.startsWith(HEX_PREFIX)
        ? Octets.hex(value.substring(HEX_PREFIX.length()))
        : Octets.utf8(unquote(value));
  }

  private static String kind(String topic) {
    return topic.substring(0, Math.max(topic.indexOf(':'), 0));
  }

  /** Cuts at spaces outside quotes. */
  private static List<String> split(String line) {
    List<String> words = new ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int at = 0; at <= line.length(); at++) {
      char c = at < line.length() ? line.charAt(at) : ' ';
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\' && quoted) {
        at++;
      } else if (c == ' ' && !quoted) {
        if (at > start) {
          words.add(line.substring(start, at));
        }
        start = at + 1;
      }
    }
    if (quoted) {
      throw new IllegalArgumentException("a quote is open at the end of the line, expected \"");
    }
    return words;
  }

  private static String unquote(String value) {
    if (!value.startsWith("\"")) {
      if (value.indexOf('"') >= 0) {
        throw new IllegalArgumentException(value + " has a quote inside, expected one before it");
      }
      return value;
    }
    StringBuilder text = new StringBuilder();
    int last = value.length() - 1;
    for (int at = 1; at < last; at++) {
      char c = value.charAt(at);
      if (c == '"') {
        throw new IllegalArgumentException(value + " goes on after its quote, expected a space");
      } else if (c != '\\') {
        text.append(c);
      } else if (value.charAt(at + 1) == 'u' && at + 5 < last) {
        text.append((char) Integer.parseInt(value, at + 2, at + 6, 16));
        at += 5;
      } else {
        at++;
        text.append(value.charAt(at));
      }
    }
    return text.toString();
  }
}
