package mqttsn.gateway.broker;

import io.netty.channel.EventLoop;
import mqttsn.gateway.config.BrokerSettings;

/** What all connections share. */
record Shell(
    EventLoop loop,
    BrokerSettings settings,
    BrokerSecrets secrets,
    FlushOnce flushes,
    Counters counters) {

  /** Monotonic nanoseconds. */
  long now() {
    return loop.ticker().nanoTime();
  }
}
