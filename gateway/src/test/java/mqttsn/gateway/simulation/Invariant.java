package mqttsn.gateway.simulation;

import java.util.List;
import java.util.Set;
import mqttsn.codec.Legible;
import mqttsn.codec.ToClient;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLink;
import mqttsn.gateway.session.QueueEvent;

/**
 * Something that must always hold. It hears what happens, in the order in which it happens, and
 * throws a {@link Violation} as soon as it does not hold.
 */
interface Invariant {

  /** The gateway gets a message of a client; its actions follow. */
  default void received(ModelClient client, Legible message) {}

  /** The gateway gets an event of a link; its actions follow. */
  default void fromBroker(BrokerLink link, BrokerEvent event) {}

  /** The gateway hears from the disk of its queue; its actions follow. */
  default void fromQueue(List<QueueEvent> events) {}

  /** The gateway sends a message to a client. */
  default void sent(ModelClient client, ToClient message) {}

  /** The gateway opens a link, for one client or many. */
  default void opened(BrokerLink link, BrokerConnect connect) {}

  /** The gateway gives a packet to a link of the MQTT client with this ClientId. */
  default void commanded(String mqttClientId, BrokerLink link, BrokerCommand command) {}

  /** All that the gateway does upon one input, after the single calls about it. */
  default void acted(List<Action> actions) {}

  /** The broker has a message for an MQTT client, to be delivered once. */
  default void queued(String mqttClientId, String payload) {}

  /** The broker has a copy of a new message for an MQTT client, to be acknowledged by it. */
  default void copied(String mqttClientId, String payload, Set<String> topicFilters) {}

  /** The broker took a message of a client. */
  default void arrived(String clientId, long brokerSession, String topicName, String payload) {}

  /** The broker published a will by itself, because it lost the connection. */
  default void willFired(String clientId, String payload) {}

  /** An application of the client published a message: it leaves for the gateway. */
  default void offered(ModelClient client, Message message) {}

  /** A client got the acknowledgement for its message. */
  default void acknowledged(ModelClient client, Message message) {}

  /** The application of a client got a message. */
  default void delivered(ModelClient client, String topicName, String payload) {}

  /**
   * What a process of the gateway, which is no more, would have done upon one input: it was held
   * back until it is written down. The record of it may be on the disk.
   */
  default void unsaid(List<Action> actions) {}

  /** A process of the gateway is no more; what it knew may be written down, but is not said. */
  default void ended() {}

  /** A process of the gateway starts; it has the sessions of the one before. */
  default void restarted(World world) {}

  /** A client forgets everything. */
  default void rebooted(ModelClient client) {}

  /** An event is over, with all that it led to. */
  default void settled(World world) {}

  /** Faults have ended long ago, clients are connected and have sent what they had. */
  default void calm(World world) {}

  /** Clients have been silent for longer than anything is kept. */
  default void silent(World world) {}

  /** What a client publishes; no two have the same payload. */
  record Message(String topicName, int qos, String payload) {}
}
