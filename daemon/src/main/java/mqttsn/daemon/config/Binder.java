package mqttsn.daemon.config;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Binds a YAML file to nested records, strictly: a component {@code tRetry} is the key {@code
 * t-retry}, and an unknown key, a wrong type or an impossible value is an error at its position. A
 * key that is a word of Java has a component that ends in an underscore.
 *
 * <p>A component is a whole number ({@link Range}), a boolean, a String, a {@link
 * java.time.Duration} or a {@link ByteSize} ({@link Between}), a {@link Path} (relative to the
 * file, or below {@code ${CREDENTIALS_DIRECTORY}}), an enum, a type with {@code public static T
 * parse(String)} that throws an {@link IllegalArgumentException} whose message says what was
 * expected (and whose {@code toString} can be parsed again), another record, or a {@link List} of
 * those. Records must be public. A key that is left out has its {@link Default}; without one, a
 * nullable component is null, a record has all its defaults, a list is empty, and anything else is
 * a key that must be there. Rules across components belong in the record's compact constructor: the
 * message of its {@link IllegalArgumentException} is reported at the position of the section, or,
 * where it begins with a key below the section and a colon ({@code urls: ...}, {@code
 * queue.enabled: ...}), of that value, which is added unless the message has "found" itself.
 */
public final class Binder {
  /** The largest accepted file; a configuration is some hundred lines. */
  public static final int MAX_FILE_BYTES = 1 << 20;

  private static final Pattern RULE_OF_A_KEY = Pattern.compile("[a-z0-9.-]+: ");

  private final YamlText yaml;
  private final Scalars scalars;

  private Binder(YamlText yaml, Path folder) {
    this.yaml = yaml;
    this.scalars = new Scalars(folder, System.getenv("CREDENTIALS_DIRECTORY"));
  }

  /**
   * Reads {@code file}; errors name it as it is given here.
   *
   * @throws ConfigurationException if the file cannot be read or is not what {@code type} says
   */
  public static <T extends Record> T bind(Path file, Class<T> type) throws ConfigurationException {
    return bind(read(file), file.toString(), type);
  }

  /**
   * What a check after {@link #bind} found, at the position of the key that its message begins with
   * ({@code queue.directory ...}); unchanged where it begins with none that the file has.
   */
  public static ConfigurationException located(Path file, ConfigurationException found) {
    String message = String.valueOf(found.getMessage());
    try {
      YamlText yaml = new YamlText(file.toString(), read(file));
      Node root = yaml.compose();
      String keys = message.split("[: ]", 2)[0];
      Node value = root == null || !keys.contains(".") ? null : value(root, keys);
      return value == null ? found : yaml.at(value, message);
    } catch (ConfigurationException changedMeanwhile) {
      return found;
    }
  }

  /** Binds {@code text} as if it stood in a file called {@code name}. */
  public static <T extends Record> T bind(String text, String name, Class<T> type)
      throws ConfigurationException {
    Path folder = Path.of(name).toAbsolutePath().getParent();
    YamlText yaml = new YamlText(name, text.startsWith("\uFEFF") ? text.substring(1) : text);
    Binder binder = new Binder(yaml, folder == null ? Path.of("/") : folder);
    return type.cast(binder.section(type, yaml.compose(), ""));
  }

  private static String read(Path file) throws ConfigurationException {
    byte[] octets;
    try (InputStream in = Files.newInputStream(file)) {
      octets = in.readNBytes(MAX_FILE_BYTES + 1);
    } catch (NoSuchFileException e) {
      throw new ConfigurationException(file + ": there is no such file");
    } catch (AccessDeniedException e) {
      throw new ConfigurationException(file + ": may not be read");
    } catch (IOException e) {
      throw new ConfigurationException(
          file
              + ": "
              + (Files.isDirectory(file) ? "is a folder, expected a file" : e.getMessage()));
    }
    if (octets.length > MAX_FILE_BYTES) {
      throw new ConfigurationException(
          file + ": expected a file of at most " + new ByteSize(MAX_FILE_BYTES));
    }
    return decode(file, octets);
  }

  private static String decode(Path file, byte[] octets) throws ConfigurationException {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer text = CharBuffer.allocate(octets.length);
    CoderResult result = decoder.decode(ByteBuffer.wrap(octets), text, true);
    text.flip();
    if (result.isError()) {
      throw new YamlText(file.toString(), text.toString())
          .at(text.length(), "expected text in UTF-8");
    }
    return text.toString();
  }

  /** Binds a record to {@code node}; a missing or empty node means all defaults. */
  private Object section(Class<?> type, @Nullable Node node, String path)
      throws ConfigurationException {
    Map<String, Node> values = new LinkedHashMap<>();
    if (node instanceof MappingNode mapping) {
      collect(type, mapping, path, values);
    } else if (node != null && !YamlText.isNull(node)) {
      throw expected(node, path, "keys and values");
    }
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    @Nullable Object[] arguments = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      String key = KeyNames.ofComponent(component.getName());
      Node value = values.get(key);
      types[i] = component.getType();
      arguments[i] =
          value != null
              ? present(component, value, join(path, key))
              : absent(component, node, join(path, key));
    }
    return create(type, types, arguments, node, path);
  }

  private void collect(Class<?> type, MappingNode mapping, String path, Map<String, Node> values)
      throws ConfigurationException {
    List<String> known = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      known.add(KeyNames.ofComponent(component.getName()));
    }
    for (NodeTuple entry : mapping.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode keyNode)) {
        throw expected(entry.getKeyNode(), path, "a key");
      }
      String key = keyNode.getValue();
      if (!known.contains(key)) {
        String nearest = KeyNames.nearest(key, known);
        String hint =
            nearest != null
                ? "did you mean \"" + nearest + "\"?"
                : "expected one of " + String.join(", ", known);
        throw yaml.at(keyNode, "unknown key " + YamlText.quoted(join(path, key)) + ", " + hint);
      }
      if (values.put(key, entry.getValueNode()) != null) {
        throw yaml.at(keyNode, "the key \"" + join(path, key) + "\" is there twice");
      }
    }
  }

  private @Nullable Object present(RecordComponent component, Node node, String path)
      throws ConfigurationException {
    Class<?> type = component.getType();
    if (YamlText.isNull(node) && Components.isNullable(component)) {
      return null;
    }
    if (type != List.class) {
      return single(type, component, node, path);
    }
    if (!(node instanceof SequenceNode sequence)) {
      throw expected(node, path, "a list in brackets such as [a, b]");
    }
    List<Object> elements = new ArrayList<>();
    for (Node element : sequence.getValue()) {
      elements.add(single(Components.elementType(component), component, element, path));
    }
    return List.copyOf(elements);
  }

  private Object single(Class<?> type, RecordComponent component, Node node, String path)
      throws ConfigurationException {
    if (Components.isSection(type)) {
      return section(type, node, path);
    }
    try {
      if (node instanceof ScalarNode scalar && !YamlText.isNull(node)) {
        return scalars.value(type, scalar.getValue(), scalar.isPlain(), component);
      }
      // Neither a text nor a number: the empty text makes the type say what it expects.
      Object ignored = scalars.value(type, "", false, component);
      throw expected(node, path, "text");
    } catch (IllegalArgumentException e) {
      throw expected(node, path, String.valueOf(e.getMessage()));
    }
  }

  private @Nullable Object absent(RecordComponent component, @Nullable Node section, String path)
      throws ConfigurationException {
    Class<?> type = component.getType();
    Default defaults = component.getAnnotation(Default.class);
    if (type == List.class) {
      List<Object> elements = new ArrayList<>();
      for (String text : defaults == null ? new String[0] : defaults.value()) {
        elements.add(scalars.value(Components.elementType(component), text, true, component));
      }
      return List.copyOf(elements);
    }
    if (defaults != null) {
      return scalars.value(type, defaults.value()[0], true, component);
    }
    if (Components.isNullable(component)) {
      return null;
    }
    if (Components.isSection(type)) {
      return section(type, null, path);
    }
    String message = "the key \"" + path + "\" is missing";
    throw section == null ? yaml.at(0, message) : yaml.at(section, message);
  }

  private Object create(
      Class<?> type,
      Class<?>[] types,
      @Nullable Object[] arguments,
      @Nullable Node node,
      String path)
      throws ConfigurationException {
    try {
      return type.getConstructor(types).newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException rule) {
        throw refused(node, path, String.valueOf(rule.getMessage()));
      }
      throw new IllegalStateException(type + " cannot be created", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " is not a public record", e);
    }
  }

  /** What a record said to the values of its section, at the value that it speaks of. */
  private ConfigurationException refused(@Nullable Node section, String path, String rule) {
    boolean ofOneKey = RULE_OF_A_KEY.matcher(rule).lookingAt();
    String message = path.isEmpty() ? rule : path + (ofOneKey ? "." : ": ") + rule;
    if (section == null) {
      return yaml.at(0, message);
    }
    Node value = ofOneKey ? value(section, rule.substring(0, rule.indexOf(':'))) : null;
    if (value == null) {
      return yaml.at(section, message);
    }
    return yaml.at(
        value, rule.contains("found ") ? message : message + ", found " + YamlText.found(value));
  }

  /** The value at {@code keys}, such as {@code tls.ca-file}, below a section; null if none. */
  private static @Nullable Node value(Node section, String keys) {
    Node meant = section;
    for (String key : keys.split("\\.", -1)) {
      meant = meant instanceof MappingNode mapping ? valueOfKey(mapping, key) : null;
    }
    return meant;
  }

  private static @Nullable Node valueOfKey(MappingNode mapping, String key) {
    for (NodeTuple entry : mapping.getValue()) {
      if (entry.getKeyNode() instanceof ScalarNode name && name.getValue().equals(key)) {
        return entry.getValueNode();
      }
    }
    return null;
  }

  private ConfigurationException expected(Node node, String path, String expected) {
    String prefix = path.isEmpty() ? "" : path + ": ";
    return yaml.at(node, prefix + "expected " + expected + ", found " + YamlText.found(node));
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
