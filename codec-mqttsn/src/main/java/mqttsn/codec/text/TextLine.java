package mqttsn.codec.text;

import mqttsn.codec.Named;
import mqttsn.codec.NormalId;
import mqttsn.codec.Octets;
import mqttsn.codec.PredefinedId;
import mqttsn.codec.PublishTopic;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.ShortName;
import mqttsn.codec.SubscribeTopic;

/** A line under construction; every value has its notation here, its reading in TextFields. */
final class TextLine {

  private final StringBuilder text = new StringBuilder();

  TextLine word(String word) {
    if (!text.isEmpty()) {
      text.append(' ');
    }
    text.append(word);
    return this;
  }

  TextLine flag(String name, boolean present) {
    return present ? word(name) : this;
  }

  TextLine number(String key, int value) {
    key(key).append(value);
    return this;
  }

  TextLine qos(Qos qos) {
    return number("qos", qos.level());
  }

  TextLine symbol(String key, String symbol) {
    key(key).append(symbol);
    return this;
  }

  TextLine returnCode(ReturnCode returnCode) {
    return symbol("returnCode", returnCode.label());
  }

  TextLine string(String key, String value) {
    key(key);
    appendString(value);
    return this;
  }

  TextLine octets(String key, Octets value) {
    key(key);
    if (isPrintable(value)) {
      appendQuoted(value.toUtf8String());
    } else {
      text.append("0x").append(value);
    }
    return this;
  }

  TextLine topic(PublishTopic topic) {
    key("topic");
    if (topic instanceof NormalId normal) {
      text.append("normal:").append(normal.topicId());
    } else if (topic instanceof PredefinedId predefined) {
      appendPredefined(predefined);
    } else if (topic instanceof ShortName shortName) {
      appendShort(shortName);
    }
    return this;
  }

  TextLine topic(SubscribeTopic topic) {
    key("topic");
    if (topic instanceof Named named) {
      text.append("name:");
      appendString(named.topicName());
    } else if (topic instanceof PredefinedId predefined) {
      appendPredefined(predefined);
    } else if (topic instanceof ShortName shortName) {
      appendShort(shortName);
    }
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }

  private StringBuilder key(String key) {
    word(key);
    return text.append('=');
  }

  private void appendPredefined(PredefinedId topic) {
    text.append("predefined:").append(topic.topicId());
  }

  private void appendShort(ShortName topic) {
    text.append("short:");
    appendString(topic.topicName());
  }

  private void appendString(String value) {
    if (!value.isEmpty() && value.chars().noneMatch(TextLine::needsQuotes)) {
      text.append(value);
    } else {
      appendQuoted(value);
    }
  }

  private void appendQuoted(String value) {
    text.append('"');
    for (int at = 0; at < value.length(); at++) {
      char c = value.charAt(at);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (isInvisible(c)) {
        text.append(String.format("\\u%04X", (int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }

  private static boolean needsQuotes(int c) {
    return c == ' ' || c == '"' || c == '\\' || isInvisible(c);
  }

  /** What would break a line, or show as something else in a terminal. */
  private static boolean isInvisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          true;
      case Character.SPACE_SEPARATOR -> c != ' ';
      default -> false;
    };
  }

  private static boolean isPrintable(Octets value) {
    for (int at = 0; at < value.size(); at++) {
      if (value.at(at) < ' ' || value.at(at) > '~') {
        return false;
      }
    }
    return true;
  }
}
