package mqttsn.gateway.session;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import mqttsn.codec.PredefinedId;
import mqttsn.topic.PredefinedTopic;
import mqttsn.topic.PredefinedTopics;

/** The default settings of the daemon, with single keys changed. */
public final class TestSettings {

  private final Map<String, String> values = new HashMap<>();

  /** Changes one key, named as in the configuration; durations as {@code 30s}. */
  public TestSettings with(String key, String value) {
    values.put(key, value);
    return this;
  }

  public Settings build() {
    return new Settings(
        number("id", 1),
        "gw",
        number("max-datagram", 2048),
        predefined(),
        new Settings.Sessions(
            number("max", 10_000),
            duration("t-retry", "10s"),
            number("n-retry", 3),
            number("sleep-buffer", 100),
            number("sleep-buffer-bytes", 65_536),
            number("sleep-buffers-total", 33_554_432),
            duration("expiry", "1d"),
            duration("idle-limit", "1d"),
            number("max-client-id", 64),
            flag("allow-empty-client-id"),
            flag("rebind-sleeper"),
            number("connect-rate", 2_000),
            number("connect-rate-per-source", 1_000),
            number("publish-window", 16),
            number("max-topics", 1_000),
            number("max-subscriptions", 100),
            flag("survive")),
        new Settings.Broker(duration("grace", "30s"), duration("connect-timeout", "5s")),
        new Settings.QosMinusOne(
            Settings.QosMinusOnePolicy.valueOf(
                values.getOrDefault("policy", "all").toUpperCase(Locale.ROOT)),
            number("rate", 50)),
        new Settings.Discovery(
            duration("advertise-interval", "15m"),
            number("standby-for", Settings.Discovery.ACTIVE)),
        new Settings.Forwarders(
            allowed(), number("max-forwarder-nodes", 1_000), number("forwarder-rate", 5_000)),
        new Settings.Aggregating(
            number("connections", 0), values.getOrDefault("topic-prefix", ""), List.of(), 1_000),
        new Settings.Queue(
            Settings.QueueAck.valueOf(
                values.getOrDefault("queue-ack", "first").toUpperCase(Locale.ROOT)),
            number("queue-bytes", 1_000_000),
            number("queue-messages", 0),
            duration("queue-age", "7d"),
            flag("drop-oldest"),
            number("drain-rate", 10_000),
            flag("queue-qos-0")));
  }

  /** A duration such as {@code 500ms}, {@code 30s}, {@code 15m} or {@code 1d}, in nanoseconds. */
  static long nanos(String text) {
    String unit = text.replaceAll("[0-9]", "");
    long amount = Long.parseLong(text.substring(0, text.length() - unit.length()));
    return switch (unit) {
      case "ms" -> amount * 1_000_000;
      case "s" -> amount * Time.SECOND;
      case "m" -> amount * 60 * Time.SECOND;
      case "h" -> amount * 3_600 * Time.SECOND;
      case "d" -> amount * 86_400 * Time.SECOND;
      default -> throw new IllegalArgumentException("no duration: " + text);
    };
  }

  private PredefinedTopics predefined() {
    List<PredefinedTopic> topics = new ArrayList<>();
    topics.add(new PredefinedTopic("*", "plant/status", new PredefinedId(10)));
    topics.add(new PredefinedTopic("*", "plant/alarm", new PredefinedId(11)));
    topics.add(new PredefinedTopic("sens1", "sens1/own", new PredefinedId(20)));
    String another = values.get("predefined");
    if (another != null) {
      String[] idAndName = another.split(":");
      PredefinedId id = new PredefinedId(Integer.parseInt(idAndName[0]));
      topics.add(new PredefinedTopic("*", idAndName[1], id));
    }
    return PredefinedTopics.of(topics);
  }

  private Set<InetAddress> allowed() {
    Set<InetAddress> allowed = new HashSet<>();
    if (values.containsKey("allow")) {
      allowed.add(Addresses.ip(values.get("allow")));
    }
    return allowed;
  }

  private int number(String key, int defaultValue) {
    return values.containsKey(key) ? Integer.parseInt(values.get(key)) : defaultValue;
  }

  private boolean flag(String key) {
    return Boolean.parseBoolean(values.getOrDefault(key, "false"));
  }

  private long duration(String key, String defaultValue) {
    return nanos(values.getOrDefault(key, defaultValue));
  }
}
