package mqttsn.daemon.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A bound configuration seen as a whole: written back as YAML with every default, or compared with
 * another one. Secrets never appear, because a configuration only names the files that hold them.
 */
public final class Effective {
  /** What needs no quotes and is read back as the same text. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/.][A-Za-z0-9_./:@%+-]*(?<!:)");

  private static final Pattern OTHER_TYPE =
      Pattern.compile("(?i)true|false|null|[-+]?[0-9.][0-9._]*(e[-+]?[0-9]+)?|0[xo][0-9a-f]+");

  private Effective() {}

  /** YAML that {@link Binder} binds to an equal record; paths are absolute in it. */
  public static String toYaml(Record configuration) {
    StringBuilder yaml = new StringBuilder();
    section(yaml, configuration, "");
    return yaml.toString();
  }

  /** The keys, such as {@code broker.urls}, whose values differ, in the order of the file. */
  public static <T extends Record> List<String> changedKeys(T before, T after) {
    List<String> keys = new ArrayList<>();
    compare(keys, before, after, "");
    return keys;
  }

  private static void compare(List<String> keys, Record before, Record after, String prefix) {
    for (RecordComponent component : before.getClass().getRecordComponents()) {
      String key = prefix + KeyNames.ofComponent(component.getName());
      Object old = value(before, component);
      Object now = value(after, component);
      if (old instanceof Record oldSection
          && now instanceof Record newSection
          && Components.isSection(component.getType())) {
        compare(keys, oldSection, newSection, key + ".");
      } else if (!Objects.equals(old, now)) {
        keys.add(key);
      }
    }
  }

  private static void section(StringBuilder yaml, Record section, String indent) {
    for (RecordComponent component : section.getClass().getRecordComponents()) {
      yaml.append(indent).append(KeyNames.ofComponent(component.getName())).append(':');
      Object value = value(section, component);
      if (value instanceof Record nested && Components.isSection(nested.getClass())) {
        yaml.append('\n');
        section(yaml, nested, indent + "  ");
      } else if (value instanceof List<?> list) {
        list(yaml, list, indent);
      } else {
        yaml.append(' ').append(scalar(value)).append('\n');
      }
    }
  }

  private static void list(StringBuilder yaml, List<?> list, String indent) {
    if (list.isEmpty()) {
      yaml.append(" []\n");
      return;
    }
    yaml.append('\n');
    for (Object element : list) {
      yaml.append(indent).append("  -");
      if (element instanceof Record nested && Components.isSection(nested.getClass())) {
        yaml.append('\n');
        section(yaml, nested, indent + "    ");
      } else {
        yaml.append(' ').append(scalar(element)).append('\n');
      }
    }
  }

  private static String scalar(@Nullable Object value) {
    if (value == null || value instanceof Number || value instanceof Boolean) {
      return String.valueOf(value);
    }
    if (value instanceof Duration duration) {
      return DurationText.format(duration);
    }
    if (value instanceof Enum<?> constant) {
      return KeyNames.ofConstant(constant);
    }
    String text = value.toString();
    boolean plain = PLAIN.matcher(text).matches() && !OTHER_TYPE.matcher(text).matches();
    return plain ? text : quoted(text);
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
              } else if (c < 0x20
                  || (c >= 0x7F && c < 0xA0)
                  || c == 0xFEFF
                  || c == 0x2028
                  || c == 0x2029) {
                quoted.append(String.format("\\u%04X", c));
              } else {
                quoted.appendCodePoint(c);
              }
            });
    return quoted.append('"').toString();
  }

  private static @Nullable Object value(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(record.getClass() + " is not a public record", e);
    }
  }
}
