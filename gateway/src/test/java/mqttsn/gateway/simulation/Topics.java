package mqttsn.gateway.simulation;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mqttsn.codec.Named;
import mqttsn.codec.PredefinedId;
import mqttsn.codec.ShortName;
import mqttsn.codec.SubscribeTopic;
import mqttsn.topic.PredefinedTopic;
import mqttsn.topic.PredefinedTopics;

/** The topics of the simulated world. */
final class Topics {

  /** Names without another way to say them. */
  static final List<String> NAMES =
      List.of("plant/a", "plant/b", "plant/c", "plant/d/e", "site/x", "site/y", "forbidden/z");

  static final List<String> SHORT_NAMES = List.of("t1", "t2", "é");

  static final Map<Integer, String> PREDEFINED =
      new TreeMap<>(Map.of(10, "plant/status", 11, "plant/alarm"));

  /** What the applications of the broker publish on. */
  static final List<String> ALL =
      List.of("plant/a", "plant/b", "plant/c", "plant/d/e", "site/x", "t1", "t2", "plant/status");

  private static final List<SubscribeTopic> SUBSCRIBABLE =
      List.of(
          new Named("plant/a"),
          new Named("plant/b"),
          new Named("site/x"),
          new Named("plant/+"),
          new Named("plant/#"),
          new Named("site/#"),
          new Named("forbidden/#"),
          new Named("plant/status"),
          new PredefinedId(10),
          new PredefinedId(11),
          new PredefinedId(99),
          new ShortName("t1"),
          new ShortName("t2"));

  private Topics() {}

  static SubscribeTopic subscribable(Dice dice) {
    return dice.pick(SUBSCRIBABLE);
  }

  static PredefinedTopics predefined() {
    return PredefinedTopics.of(
        PREDEFINED.entrySet().stream()
            .map(
                entry ->
                    new PredefinedTopic("*", entry.getValue(), new PredefinedId(entry.getKey())))
            .toList());
  }
}
