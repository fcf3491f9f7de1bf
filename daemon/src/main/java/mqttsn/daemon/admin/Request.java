package mqttsn.daemon.admin;

import java.util.List;
import java.util.Map;

/**
 * What a GET or HEAD asked for, percent-decoded.
 *
 * @param parameters of the query, every value of each; at most sixteen
 */
public record Request(String path, Map<String, List<String>> parameters) {
  /** The first value of a parameter, or {@code otherwise}. */
  public String parameter(String name, String otherwise) {
    List<String> values = parameters.get(name);
    return values == null || values.isEmpty() ? otherwise : values.get(0);
  }
}
