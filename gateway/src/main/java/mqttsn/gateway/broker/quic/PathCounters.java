package mqttsn.gateway.broker.quic;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * What all QUIC connections of the gateway have counted; written by the event loop, read by
 * anybody.
 */
public final class PathCounters {

  private final Map<ChangeReason, LongAdder> changes = new EnumMap<>(ChangeReason.class);
  final LongAdder handshakes = new LongAdder();
  final LongAdder handshakesFailed = new LongAdder();
  final LongAdder handshakesRestarted = new LongAdder();
  final LongAdder resumptions = new LongAdder();
  final LongAdder replayedDatagrams = new LongAdder();
  final LongAdder strayDatagrams = new LongAdder();
  final LongAdder sendsFailed = new LongAdder();
  final LongAdder probes = new LongAdder();
  final LongAdder givenUp = new LongAdder();
  private final LongAdder recoveries = new LongAdder();
  private final LongAdder gapNanos = new LongAdder();

  PathCounters() {
    for (ChangeReason reason : ChangeReason.values()) {
      changes.put(reason, new LongAdder());
    }
  }

  void count(PathEvent event) {
    if (event instanceof PathEvent.Changed changed) {
      adder(changed.why()).increment();
    } else if (event instanceof PathEvent.Recovered recovered) {
      recoveries.increment();
      gapNanos.add(recovered.gap().toNanos());
    } else if (event instanceof PathEvent.GivenUp) {
      givenUp.increment();
    }
  }

  /** Changes of the path for this reason. */
  public long changes(ChangeReason reason) {
    return adder(reason).sum();
  }

  /** Changes after which the broker answered again. */
  public long recoveries() {
    return recoveries.sum();
  }

  /** The sum of all gaps that ended with an answer. */
  public Duration gaps() {
    return Duration.ofNanos(gapNanos.sum());
  }

  /** Completed handshakes, probes among them. */
  public long handshakes() {
    return handshakes.sum();
  }

  public long handshakesFailed() {
    return handshakesFailed.sum();
  }

  /** Handshakes begun again because the path changed under them. */
  public long handshakesRestarted() {
    return handshakesRestarted.sum();
  }

  /** Completed handshakes that resumed a TLS session. */
  public long resumptions() {
    return resumptions.sum();
  }

  public long replayedDatagrams() {
    return replayedDatagrams.sum();
  }

  /** Datagrams dropped because they did not come from the broker's address. */
  public long strayDatagrams() {
    return strayDatagrams.sum();
  }

  /** Datagrams that the kernel refused to send. */
  public long sendsFailed() {
    return sendsFailed.sum();
  }

  /** Handshakes tried beside a silent connection. */
  public long probes() {
    return probes.sum();
  }

  /** Connections ended because the broker did not follow to a new path. */
  public long givenUp() {
    return givenUp.sum();
  }

  private LongAdder adder(ChangeReason reason) {
    return java.util.Objects.requireNonNull(changes.get(reason));
  }
}
