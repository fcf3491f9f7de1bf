package mqttsn.gateway.admin;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON object (RFC 8259). Texts may hold anything: what could end a string, or a script
 * of a page that the answer is pasted into, is escaped.
 */
final class Json {

  private final StringBuilder text;
  private boolean isEmpty = true;

  private Json(StringBuilder text) {
    this.text = text;
  }

  /** The object that {@code fields} writes. */
  static String object(Consumer<Json> fields) {
    StringBuilder text = new StringBuilder();
    object(text, fields);
    return text.append('\n').toString();
  }

  private static void object(StringBuilder text, Consumer<Json> fields) {
    text.append('{');
    fields.accept(new Json(text));
    text.append('}');
  }

  Json put(String name, @Nullable String value) {
    name(name);
    if (value == null) {
      text.append("null");
    } else {
      quote(value);
    }
    return this;
  }

  Json put(String name, long value) {
    name(name).append(value);
    return this;
  }

  Json put(String name, boolean value) {
    name(name).append(value);
    return this;
  }

  /** A point in time as ISO 8601 in UTC, to the millisecond. */
  Json put(String name, @Nullable Instant value) {
    return put(name, value == null ? null : value.truncatedTo(ChronoUnit.MILLIS).toString());
  }

  /** An object, or null if there is no value. */
  <T> Json put(String name, @Nullable T value, BiConsumer<Json, T> fields) {
    name(name);
    if (value == null) {
      text.append("null");
    } else {
      object(text, object -> fields.accept(object, value));
    }
    return this;
  }

  Json putObject(String name, Consumer<Json> fields) {
    name(name);
    object(text, fields);
    return this;
  }

  /** A list of objects. */
  <T> Json putEach(String name, Iterable<T> values, BiConsumer<Json, T> fields) {
    return list(name, values, value -> object(text, object -> fields.accept(object, value)));
  }

  Json putTexts(String name, Iterable<String> values) {
    return list(name, values, this::quote);
  }

  Json putNumbers(String name, Iterable<Long> values) {
    return list(name, values, text::append);
  }

  private <T> Json list(String name, Iterable<T> values, Consumer<T> write) {
    name(name).append('[');
    String separator = "";
    for (T value : values) {
      text.append(separator);
      write.accept(value);
      separator = ",";
    }
    text.append(']');
    return this;
  }

  private StringBuilder name(String name) {
    if (!isEmpty) {
      text.append(',');
    }
    isEmpty = false;
    quote(name);
    return text.append(':');
  }

  private void quote(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (isPlain(c) || isPair(value, i)) {
        text.append(c);
      } else {
        text.append(String.format("\\u%04x", (int) c));
      }
    }
    text.append('"');
  }

  private static boolean isPlain(char c) {
    return !Character.isISOControl(c)
        && !Character.isSurrogate(c)
        && c != '<'
        && c != '>'
        && c != '&'
        && c != '\u2028'
        && c != '\u2029';
  }

  /** Whether the surrogate at {@code i} has the other half beside it: alone it is no UTF-8. */
  private static boolean isPair(String value, int i) {
    boolean hasNext = i + 1 < value.length();
    return (hasNext && Character.isSurrogatePair(value.charAt(i), value.charAt(i + 1)))
        || (i > 0 && Character.isSurrogatePair(value.charAt(i - 1), value.charAt(i)));
  }
}
