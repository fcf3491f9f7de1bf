package mqttsn.daemon.config;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * From the text of a scalar to a value of a component's type. Whatever is wrong with the text is an
 * {@link IllegalArgumentException} whose message says what was expected.
 */
final class Scalars {
  private static final String CREDENTIALS = "${CREDENTIALS_DIRECTORY}";

  /** Paths in a file are relative to this folder. */
  private final Path folder;

  private final @Nullable String credentials;

  /**
   * Reads values as they stand in a file of {@code folder}.
   *
   * @param credentials the folder that systemd made for the service's secrets, or null
   */
  Scalars(Path folder, @Nullable String credentials) {
    this.folder = folder;
    this.credentials = credentials;
  }

  /**
   * @param plain whether the text stood without quotes: numbers and booleans do
   * @param bounds the element that may carry {@link Range} or {@link Between}
   */
  Object value(Class<?> type, String text, boolean plain, AnnotatedElement bounds) {
    if (type == int.class || type == Integer.class) {
      return (int) wholeNumber(text, plain, bounds, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    if (type == long.class || type == Long.class) {
      return wholeNumber(text, plain, bounds, Long.MIN_VALUE, Long.MAX_VALUE);
    }
    if (type == boolean.class || type == Boolean.class) {
      return truth(text, plain);
    }
    if (type == String.class) {
      return text;
    }
    if (type == Duration.class) {
      return between(DurationText.parse(text), bounds, DurationText::parse, "a duration");
    }
    if (type == ByteSize.class) {
      return between(ByteSize.parse(text), bounds, ByteSize::parse, "a size");
    }
    if (type == Path.class) {
      return path(text);
    }
    return type.isEnum() ? constant(type, text) : parsed(type, text);
  }

  private static long wholeNumber(
      String text, boolean plain, AnnotatedElement bounds, long least, long most) {
    Range range = bounds.getAnnotation(Range.class);
    long min = range == null ? least : Math.max(least, range.min());
    long max = range == null ? most : Math.min(most, range.max());
    String expected = "a whole number" + limits(min, max, least, most);
    if (!plain || !text.matches("[-+]?[0-9]{1,19}")) {
      throw new IllegalArgumentException(expected);
    }
    try {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(expected, e);
    }
    throw new IllegalArgumentException(expected);
  }

  private static String limits(long min, long max, long least, long most) {
    if (min == least) {
      return max == most ? "" : " of at most " + max;
    }
    return max == most ? " of at least " + min : " from " + min + " to " + max;
  }

  private static boolean truth(String text, boolean plain) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (!plain || !(lower.equals("true") || lower.equals("false"))) {
      throw new IllegalArgumentException("true or false");
    }
    return lower.equals("true");
  }

  private interface Parser<T> {
    T parse(String text);
  }

  private static <T extends Comparable<T>> T between(
      T value, AnnotatedElement bounds, Parser<T> parser, String noun) {
    Between between = bounds.getAnnotation(Between.class);
    if (between != null
        && (value.compareTo(parser.parse(between.min())) < 0
            || value.compareTo(parser.parse(between.max())) > 0)) {
      throw new IllegalArgumentException(noun + " from " + between.min() + " to " + between.max());
    }
    return value;
  }

  private Path path(String written) {
    String text = written;
    if (written.startsWith(CREDENTIALS)) {
      if (credentials == null) {
        throw new IllegalArgumentException("to be run by systemd with credentials");
      }
      text = credentials + written.substring(CREDENTIALS.length());
    }
    try {
      if (!text.isEmpty()) {
        return folder.resolve(text).normalize();
      }
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("the path of a file", e);
    }
    throw new IllegalArgumentException("the path of a file");
  }

  private static Object constant(Class<?> type, String text) {
    List<String> names = new ArrayList<>();
    for (Object candidate : type.getEnumConstants()) {
      String name = KeyNames.ofConstant((Enum<?>) candidate);
      if (name.equals(text)) {
        return candidate;
      }
      names.add(name);
    }
    throw new IllegalArgumentException("one of " + String.join(", ", names));
  }

  /** A value of any other type comes from its {@code public static T parse(String)}. */
  private static Object parsed(Class<?> type, String text) {
    Method parse = parseMethod(type);
    if (parse == null) {
      throw new IllegalStateException(type + " has no public static parse(String)");
    }
    try {
      return parse.invoke(null, text);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException expected) {
        throw expected;
      }
      throw new IllegalStateException(parse + " failed", e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(type + " is not public", e);
    }
  }

  static @Nullable Method parseMethod(Class<?> type) {
    try {
      Method parse = type.getMethod("parse", String.class);
      return Modifier.isStatic(parse.getModifiers()) && parse.getReturnType() == type
          ? parse
          : null;
    } catch (NoSuchMethodException e) {
      return null;
    }
  }
}
