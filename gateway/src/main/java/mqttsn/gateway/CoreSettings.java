package mqttsn.gateway;

import java.util.List;
import java.util.stream.Collectors;
import mqttsn.daemon.config.Effective;
import mqttsn.gateway.config.Aggregating;
import mqttsn.gateway.config.Configuration;
import mqttsn.gateway.config.Identity;
import mqttsn.gateway.config.IpAddress;
import mqttsn.gateway.config.Queue;
import mqttsn.gateway.session.Settings;
import mqttsn.topic.PredefinedTopics;

/** What the configuration says to the core, and which keys it can take over while it runs. */
final class CoreSettings {

  /** Keys, and beginnings of keys, that change live. */
  private static final List<String> LIVE =
      List.of(
          "gateway.id",
          "discovery.advertise-interval",
          "discovery.standby-for",
          "topics.",
          "sessions.",
          "qos-minus-one.",
          "forwarders.",
          "broker.grace",
          "log.");

  private static final String NOT_LIVE = "sessions.file";

  private CoreSettings() {}

  /**
   * The core's settings.
   *
   * @param started what the gateway was started with: counts for what cannot change live
   * @param live what counts for the rest
   * @param firstSequence where the sequence numbers of publishes begin
   */
  static Settings of(
      Configuration started, Configuration live, PredefinedTopics topics, long firstSequence) {
    return new Settings(
        live.gateway().id(),
        started.gateway().name(),
        started.sensors().maxDatagram(),
        topics,
        sessions(live.sessions(), started.sessions().file() != null),
        new Settings.Broker(
            live.broker().grace().toNanos(), started.broker().connectTimeout().toNanos()),
        new Settings.QosMinusOne(policy(live), live.qosMinusOne().rate()),
        discovery(live),
        new Settings.Forwarders(
            live.forwarders().allow().stream()
                .map(IpAddress::address)
                .collect(Collectors.toUnmodifiableSet()),
            live.sessions().maxForwarderNodes(),
            live.forwarders().rate()),
        aggregating(started, firstSequence),
        queue(started));
  }

  private static Settings.Aggregating aggregating(Configuration started, long firstSequence) {
    if (started.gateway().mode() == Identity.Mode.TRANSPARENT) {
      return Settings.Aggregating.NONE;
    }
    Aggregating aggregating = started.aggregating();
    String prefix = aggregating.topicPrefix();
    return new Settings.Aggregating(
        aggregating.connections(),
        prefix == null ? "" : prefix,
        aggregating.clients(),
        firstSequence);
  }

  private static Settings.Queue queue(Configuration started) {
    Queue queue = started.queue();
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

  /** The keys that differ and keep their old value until the next start. */
  static List<String> keysThatNeedARestart(Configuration started, Configuration wanted) {
    return Effective.changedKeys(started, wanted).stream()
        .filter(key -> key.equals(NOT_LIVE) || LIVE.stream().noneMatch(key::startsWith))
        .toList();
  }
}
