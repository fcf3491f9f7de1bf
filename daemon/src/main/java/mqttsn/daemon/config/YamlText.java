package mqttsn.daemon.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * One YAML document and the name under which errors speak of it. Anchors, aliases and tags are not
 * part of the configuration language: nothing in a file is expanded, so its size bounds the work.
 */
record YamlText(String name, String text) {
  /** Far more than any record nests, far less than the parser's stack bears. */
  private static final int MAX_DEPTH = 32;

  private static final int LONGEST_SHOWN = 60;

  /** The root node, or null where the document is empty. */
  @Nullable Node compose() throws ConfigurationException {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(name)
            .setCodePointLimit(Binder.MAX_FILE_BYTES)
            .setAllowNonScalarKeys(true)
            .build();
    try {
      int depth = 0;
      for (Event event : new Parse(settings).parseString(text)) {
        refuseExpansion(event);
        depth += event instanceof CollectionStartEvent ? 1 : 0;
        depth -= event instanceof CollectionEndEvent ? 1 : 0;
        if (depth > MAX_DEPTH) {
          throw at(event.getStartMark(), "expected at most " + MAX_DEPTH + " levels of nesting");
        }
      }
      return new Compose(settings).composeString(text).orElse(null);
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark();
      throw at(mark.isPresent() ? mark : e.getContextMark(), "not valid YAML: " + syntaxProblem(e));
    } catch (ReaderException e) {
      throw at(
          text.offsetByCodePoints(
              0, Math.min(e.getPosition(), text.codePointCount(0, text.length()))),
          String.format("expected printable text, found the character U+%04X", e.getCodePoint()));
    } catch (YamlEngineException e) {
      throw new ConfigurationException(name + ": not valid YAML: " + oneLine(e.getMessage()));
    }
  }

  private void refuseExpansion(Event event) throws ConfigurationException {
    if (event instanceof AliasEvent
        || (event instanceof NodeEvent node && node.getAnchor().isPresent())) {
      throw at(event.getStartMark(), "anchors and aliases (& and *) are not accepted here");
    }
    if ((event instanceof ScalarEvent scalar && scalar.getTag().isPresent())
        || (event instanceof CollectionStartEvent start && start.getTag().isPresent())) {
      throw at(event.getStartMark(), "tags (!) are not accepted here");
    }
  }

  private static String syntaxProblem(MarkedYamlEngineException e) {
    String context = e.getContext();
    String problem = oneLine(e.getProblem());
    return context == null ? problem : problem + " (" + oneLine(context) + ")";
  }

  ConfigurationException at(Node node, String message) {
    return at(node.getStartMark(), message);
  }

  /** The error for a character index into the text. */
  ConfigurationException at(int index, String message) {
    String before = text.substring(0, index);
    int line = (int) before.chars().filter(c -> c == '\n').count();
    return at(line, index - before.lastIndexOf('\n') - 1, message);
  }

  private ConfigurationException at(Optional<Mark> mark, String message) {
    return at(mark.map(Mark::getLine).orElse(0), mark.map(Mark::getColumn).orElse(0), message);
  }

  private ConfigurationException at(int line, int column, String message) {
    return new ConfigurationException(
        name + ":" + (line + 1) + ":" + (column + 1) + ": " + message);
  }

  /** What stands at {@code node}, for the "found ..." of an error. */
  static String found(Node node) {
    if (node instanceof ScalarNode scalar) {
      return isNull(scalar) ? "nothing" : quoted(scalar.getValue());
    }
    if (node instanceof SequenceNode list) {
      return list.getValue().isEmpty() ? "an empty list" : "a list";
    }
    return "keys and values";
  }

  static boolean isNull(Node node) {
    return node instanceof ScalarNode scalar
        && scalar.isPlain()
        && scalar.getValue().matches("|~|null|Null|NULL");
  }

  /** {@code value} in quotes, on one line and not longer than a line can bear. */
  static String quoted(String value) {
    String shown =
        value.length() > LONGEST_SHOWN ? value.substring(0, LONGEST_SHOWN) + "..." : value;
    return '"' + oneLine(shown) + '"';
  }

  private static String oneLine(@Nullable String raw) {
    String text = raw == null ? "" : raw;
    StringBuilder line = new StringBuilder(text.length());
    text.chars()
        .forEach(
            c ->
                line.append(
                    c == '\n' ? "\\n" : Character.isISOControl(c) ? "?" : Character.toString(c)));
    return line.toString();
  }
}
