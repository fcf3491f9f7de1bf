package mqttsn.gateway.config;

import java.util.List;
import mqttsn.daemon.config.Default;
import mqttsn.daemon.config.Range;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code aggregating}: broker connections that clients share.
 *
 * @param connections how many there are
 * @param topicPrefix stands before the topic names of the clients; null for none
 * @param clients ClientIds that may connect; empty for any
 */
public record Aggregating(
    @Default("1") @Range(min = 1, max = 64) int connections,
    @Nullable String topicPrefix,
    List<String> clients) {

  public Aggregating {
    Later.key("connections", connections, 1);
    Later.key("topic-prefix", topicPrefix, null);
    Later.key("clients", clients, List.of());
  }
}
