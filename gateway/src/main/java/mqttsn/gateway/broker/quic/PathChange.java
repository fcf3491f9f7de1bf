package mqttsn.gateway.broker.quic;

import java.time.Duration;
import java.time.Instant;
import mqttsn.gateway.config.BrokerUrl;

/**
 * Something that happened to the paths of one broker, to many connections at once or to one.
 *
 * @param event of the first connection
 * @param connections how many of them
 * @param longestGap the longest time without an answer; zero for events that tell of none
 */
public record PathChange(
    Instant at, BrokerUrl url, PathEvent event, int connections, Duration longestGap) {

  static PathChange of(BrokerUrl url, PathEvent event) {
    return new PathChange(Instant.now(), url, event, 1, gap(event));
  }

  /** The same with one more connection. */
  PathChange and(PathEvent another) {
    Duration gap = gap(another);
    return new PathChange(
        at, url, event, connections + 1, gap.compareTo(longestGap) > 0 ? gap : longestGap);
  }

  private static Duration gap(PathEvent event) {
    return event instanceof PathEvent.Recovered recovered ? recovered.gap() : Duration.ZERO;
  }
}
