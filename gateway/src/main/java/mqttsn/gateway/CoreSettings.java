package mqttsn.gateway;

import java.util.stream.Collectors;
import mqttsn.gateway.config.Aggregating;
import mqttsn.gateway.config.Configuration;
import mqttsn.gateway.config.Identity;
import mqttsn.gateway.config.IpAddress;
import mqttsn.gateway.config.Queue;
import mqttsn.gateway.session.Settings;
import mqttsn.topic.PredefinedTopics;

/** What the configuration says to the core. */
final class CoreSettings {

  private CoreSettings() {}

  /**
   * The core's settings.
   *
   * @param firstSequence where the sequence numbers of publishes begin
   */
  static Settings of(Configuration configuration, PredefinedTopics topics, long firstSequence) {
    return new Settings(
        configuration.gateway().id(),
        configuration.gateway().name(),
        configuration.sensors().maxDatagram(),
        topics,
        sessions(configuration.sessions(), configuration.sessions().file() != null),
        new Settings.Broker(
            configuration.broker().grace().toNanos(),
            configuration.broker().connectTimeout().toNanos()),
        new Settings.QosMinusOne(policy(configuration), configuration.qosMinusOne().rate()),
        discovery(configuration),
        new Settings.Forwarders(
            configuration.forwarders().allow().stream()
                .map(IpAddress::address)
                .collect(Collectors.toUnmodifiableSet()),
            configuration.sessions().maxForwarderNodes(),
            configuration.forwarders().rate()),
        aggregating(configuration, firstSequence),
        queue(configuration.queue()));
  }

  private static Settings.Aggregating aggregating(Configuration configuration, long firstSequence) {
    if (configuration.gateway().mode() == Identity.Mode.TRANSPARENT) {
      return Settings.Aggregating.NONE;
    }
    Aggregating aggregating = configuration.aggregating();
    String prefix = aggregating.topicPrefix();
    return new Settings.Aggregating(
        aggregating.connections(),
        prefix == null ? "" : prefix,
        aggregating.clients(),
        firstSequence);
  }

  private static Settings.Queue queue(Queue queue) {
    if (!queue.enabled()) {
      return Settings.Queue.NONE;
    }
    Settings.QueueAck ack =
        switch (queue.ack()) {
          case BROKER -> Settings.QueueAck.BROKER;
          case DISK -> Settings.QueueAck.DISK;
          case FIRST -> Settings.QueueAck.FIRST;
        };
    return new Settings.Queue(
        ack,
        queue.bytes().bytes(),
        queue.messages(),
        queue.age().toNanos(),
        queue.whenFull() == Queue.WhenFull.DROP_OLDEST,
        queue.drainRate(),
        queue.qos0());
  }

  private static Settings.Sessions sessions(
      mqttsn.gateway.config.Sessions sessions, boolean survive) {
    return new Settings.Sessions(
        sessions.max(),
        sessions.tRetry().toNanos(),
        sessions.nRetry(),
        sessions.sleepBuffer(),
        sessions.sleepBufferBytes().bytes(),
        sessions.sleepBuffersTotal().bytes(),
        sessions.expiry().toNanos(),
        sessions.idleLimit().toNanos(),
        sessions.maxClientId(),
        sessions.allowEmptyClientId(),
        sessions.rebindSleeper(),
        sessions.connectRate(),
        sessions.connectRatePerSource(),
        sessions.publishWindow(),
        sessions.maxTopics(),
        sessions.maxSubscriptions(),
        survive);
  }

  private static Settings.QosMinusOnePolicy policy(Configuration configuration) {
    return switch (configuration.qosMinusOne().policy()) {
      case NONE -> Settings.QosMinusOnePolicy.NONE;
      case PREDEFINED -> Settings.QosMinusOnePolicy.PREDEFINED;
      case ALL -> Settings.QosMinusOnePolicy.ALL;
    };
  }

  private static Settings.Discovery discovery(Configuration configuration) {
    Integer standbyFor = configuration.discovery().standbyFor();
    return new Settings.Discovery(
        configuration.discovery().advertiseInterval().toNanos(),
        standbyFor == null ? Settings.Discovery.ACTIVE : standbyFor);
  }
}
