package mqttsn.gateway.session;

import java.net.InetAddress;
import mqttsn.codec.PredefinedId;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.codec.ShortName;
import mqttsn.topic.PredefinedTopics;
import org.jspecify.annotations.Nullable;

/**
 * PUBLISH with QoS -1 (§6.8): no connection, no answer; relayed over the gateway's own link with
 * QoS 0 (SI-17).
 */
final class ConnectionlessPublish {

  private final Outbox out;
  private final Aggregation aggregation;
  private final SourceRates<InetAddress> rates;
  private Settings settings;
  private boolean brokerTakes;

  ConnectionlessPublish(Outbox out, Settings settings, Aggregation aggregation, long now) {
    this.out = out;
    this.aggregation = aggregation;
    this.settings = settings;
    this.rates = new SourceRates<>(settings.qosMinusOne().ratePerSource(), now);
  }

  void reconfigure(Settings newSettings) {
    settings = newSettings;
    rates.rate(newSettings.qosMinusOne().ratePerSource());
  }

  /** Whether the gateway's own link takes publishes now. */
  void brokerTakes(boolean takes) {
    brokerTakes = takes;
  }

  /**
   * PUBLISH with QoS -1.
   *
   * @param predefined the predefined topics of the sender
   */
  void publish(ClientAddress from, Publish publish, PredefinedTopics.View predefined, long now) {
    if (!isTaken(publish)) {
      out.add(Action.Drop.POLICY);
    } else if (!rates.admit(from.socket().getAddress(), now)) {
      out.add(Action.Drop.RATE);
    } else {
      String topicName = nameOf(publish, predefined);
      if (topicName == null || !ClientTopics.isPublishable(topicName)) {
        out.add(Action.Drop.INVALID_TOPIC);
      } else {
        relay(
            new BrokerCommand.Publish(
                0, topicName, publish.data(), Qos.ZERO, publish.retain(), false, null));
      }
    }
  }

  private void relay(BrokerCommand.Publish publish) {
    if (aggregation.takesConnectionless(publish)) {
      return;
    }
    out.add(
        brokerTakes ? new Action.Command(BrokerLink.GATEWAY, publish) : Action.Drop.BROKER_AWAY);
  }

  private boolean isTaken(Publish publish) {
    return switch (settings.qosMinusOne().policy()) {
      case NONE -> false;
      case PREDEFINED -> publish.topic() instanceof PredefinedId;
      case ALL -> true;
    };
  }

  private static @Nullable String nameOf(Publish publish, PredefinedTopics.View predefined) {
    return publish.topic() instanceof PredefinedId id
        ? predefined.nameOf(id)
        : ((ShortName) publish.topic()).topicName();
  }
}
