package mqttsn.topic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mqttsn.codec.PredefinedId;
import org.jspecify.annotations.Nullable;

/**
 * The predefined topics of all clients (§6.7): ids that gateway and clients know beforehand. For
 * each id the narrowest definition counts: the client's own, else that for the longest prefix of
 * its ClientId, else that for all clients (SI-27). Immutable.
 */
public final class PredefinedTopics {

  /** No predefined topic for anybody. */
  public static final PredefinedTopics NONE = of(List.of());

  private final List<PredefinedTopic> topics;
  private final Map<String, View> byClientId = new HashMap<>();
  private final Map<String, View> byPrefix = new HashMap<>();
  private final View forEveryone;

  private PredefinedTopics(List<PredefinedTopic> topics) {
    this.topics = List.copyOf(topics);
    Map<String, List<PredefinedTopic>> ofClientIds = new HashMap<>();
    // Sorted, a prefix stands before the longer ones that begin with it.
    Map<String, List<PredefinedTopic>> ofPrefixes = new TreeMap<>();
    for (PredefinedTopic topic : topics) {
      (topic.isForPrefix() ? ofPrefixes : ofClientIds)
          .computeIfAbsent(topic.clientIdOrPrefix(), key -> new ArrayList<>())
          .add(topic);
    }
    forEveryone = new View(null, ofPrefixes.getOrDefault("", List.of()));
    ofPrefixes.remove("");
    ofPrefixes.forEach((prefix, own) -> byPrefix.put(prefix, new View(forPrefix(prefix), own)));
    ofClientIds.forEach(
        (clientId, own) -> byClientId.put(clientId, new View(forPrefix(clientId), own)));
  }

  /**
   * The topics, in any order; one that is there twice counts once.
   *
   * @throws IllegalArgumentException if an id has two names for the same clients
   */
  public static PredefinedTopics of(List<PredefinedTopic> topics) {
    return new PredefinedTopics(topics);
  }

  /** What the client sees. Clients without a line of their own share one view. */
  public View forClient(String clientId) {
    View own = byClientId.get(clientId);
    return own != null ? own : forPrefix(clientId);
  }

  /** What a client without a known ClientId sees, as with QoS -1: the topics for all. */
  public View forEveryone() {
    return forEveryone;
  }

  /** All of them as they were configured. */
  public List<PredefinedTopic> topics() {
    return topics;
  }

  private View forPrefix(String clientId) {
    for (int length = byPrefix.isEmpty() ? 0 : clientId.length(); length > 0; length--) {
      View view = byPrefix.get(clientId.substring(0, length));
      if (view != null) {
        return view;
      }
    }
    return forEveryone;
  }

  /** The predefined topics as one client sees them. Immutable, to be held by its session. */
  public static final class View {
    private final @Nullable View wider;
    private final Map<Integer, String> names = new HashMap<>();
    private final Map<String, List<PredefinedId>> ids = new HashMap<>();

    private View(@Nullable View wider, List<PredefinedTopic> own) {
      this.wider = wider;
      for (PredefinedTopic topic : own) {
        String known = names.putIfAbsent(topic.id().topicId(), topic.name());
        if (known == null) {
          ids.computeIfAbsent(topic.name(), name -> new ArrayList<>(1)).add(topic.id());
        } else if (!known.equals(topic.name())) {
          throw new IllegalArgumentException(
              "topic id %d of '%s': expected one name, not '%s' and '%s'"
                  .formatted(topic.id().topicId(), topic.clients(), known, topic.name()));
        }
      }
    }

    /** The name that the id stands for, null if there is none. */
    public @Nullable String nameOf(PredefinedId id) {
      for (View view = this; view != null; view = view.wider) {
        String name = view.names.get(id.topicId());
        if (name != null) {
          return name;
        }
      }
      return null;
    }

    /**
     * The id that stands for the name, null if there is none. Of several it is the one that was
     * defined most narrowly, then first.
     */
    public @Nullable PredefinedId idOf(String name) {
      for (View view = this; view != null; view = view.wider) {
        for (PredefinedId id : view.ids.getOrDefault(name, List.of())) {
          // A narrower definition may have given the id to another name.
          if (name.equals(nameOf(id))) {
            return id;
          }
        }
      }
      return null;
    }
  }
}
