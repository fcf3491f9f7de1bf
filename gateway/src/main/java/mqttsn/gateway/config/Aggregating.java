package mqttsn.gateway.config;

import java.util.List;
import mqttsn.daemon.config.Default;
import mqttsn.daemon.config.Range;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code aggregating}: broker connections that clients share.
 *
 * @param connections how many there are
 * @param topicPrefix stands before the topic names of a client, {client-id} in it is its ClientId;
 *     null for none
 * @param clients ClientIds, or beginnings of them with a * behind, of the clients that share the
 *     connections; the others have one each. Empty for all
 */
public record Aggregating(
    @Default("1") @Range(min = 1, max = 64) int connections,
    @Nullable String topicPrefix,
    List<String> clients) {

  public Aggregating {
    if (topicPrefix != null && (topicPrefix.contains("+") || topicPrefix.contains("#"))) {
      throw new IllegalArgumentException(
          "topic-prefix: expected a beginning of topic names, without wildcards");
    }
  }
}
