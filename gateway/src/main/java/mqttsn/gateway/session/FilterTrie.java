package mqttsn.gateway.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mqttsn.gateway.session.SharedSubscriptions.Filter;
import mqttsn.topic.TopicFilters;

/** Finds the filters that match a topic name, level by level. */
final class FilterTrie {

  private static final class Node {
    final Map<String, Node> children = new HashMap<>(2);
    final List<Filter> filters = new ArrayList<>(1);

    boolean isEmpty() {
      return children.isEmpty() && filters.isEmpty();
    }
  }

  private final Node root = new Node();

  void add(Filter filter) {
    Node node = root;
    for (String level : levels(filter)) {
      node = node.children.computeIfAbsent(level, name -> new Node());
    }
    node.filters.add(filter);
  }

  void remove(Filter filter) {
    remove(root, levels(filter), 0, filter);
  }

  /**
   * The filters that match; a wildcard in the first level matches no name that begins with $ (MQTT
   * 5, 4.7.2).
   */
  List<Filter> matching(String topicName) {
    List<Filter> found = new ArrayList<>(2);
    collect(root, topicName.split("/", -1), 0, found);
    return found;
  }

  private static void collect(Node node, String[] levels, int depth, List<Filter> found) {
    boolean wildcardsMatch = depth > 0 || !levels[0].startsWith("$");
    Node multi = node.children.get("#");
    if (multi != null && wildcardsMatch) {
      found.addAll(multi.filters);
    }
    if (depth == levels.length) {
      found.addAll(node.filters);
      return;
    }
    Node single = node.children.get("+");
    if (single != null && wildcardsMatch) {
      collect(single, levels, depth + 1, found);
    }
    Node exact = node.children.get(levels[depth]);
    if (exact != null) {
      collect(exact, levels, depth + 1, found);
    }
  }

  private static boolean remove(Node node, String[] levels, int depth, Filter filter) {
    if (depth == levels.length) {
      node.filters.remove(filter);
    } else {
      Node child = node.children.get(levels[depth]);
      if (child != null && remove(child, levels, depth + 1, filter)) {
        node.children.remove(levels[depth]);
      }
    }
    return node.isEmpty();
  }

  /** The levels of a filter; of a shared subscription without {@code $share/NAME}. */
  private static String[] levels(Filter filter) {
    String[] levels = filter.topicFilter.split("/", -1);
    return TopicFilters.isShared(filter.topicFilter)
        ? Arrays.copyOfRange(levels, 2, levels.length)
        : levels;
  }
}
