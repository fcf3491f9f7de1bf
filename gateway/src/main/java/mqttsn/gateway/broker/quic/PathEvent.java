package mqttsn.gateway.broker.quic;

import java.time.Duration;

/** Something that happened to the path between the gateway and a broker; its text is a log line. */
public sealed interface PathEvent {

  /** The path was changed; whether it carries is not known yet. */
  record Changed(Uplink from, Uplink to, ChangeReason why) implements PathEvent {
    @Override
    public String toString() {
      return "path " + from + " -> " + to + ": " + why;
    }
  }

  /**
   * The broker answers on the new path; {@code gap} is how long what was sent stayed unanswered.
   */
  record Recovered(Uplink from, Uplink to, ChangeReason why, Duration gap) implements PathEvent {
    @Override
    public String toString() {
      return "path %s -> %s works: %s, gap %d ms".formatted(from, to, why, gap.toMillis());
    }
  }

  /** No way leads to the broker; the connection waits for one. */
  record RouteLost(Uplink from) implements PathEvent {
    @Override
    public String toString() {
      return "path " + from + " is gone: no route to the broker";
    }
  }

  /** The broker completes other handshakes but does not follow us to the new path. */
  record GivenUp(Uplink on, Duration silence) implements PathEvent {
    @Override
    public String toString() {
      return "path %s given up: the broker has not followed for %d ms"
          .formatted(on, silence.toMillis());
    }
  }
}
