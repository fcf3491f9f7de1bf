package mqttsn.gateway.admin;

import java.util.EnumMap;
import java.util.Map;
import mqttsn.gateway.broker.BrokerStatus;
import mqttsn.gateway.session.Gateway;
import mqttsn.gateway.session.QueueView;
import mqttsn.gateway.session.SessionView;
import mqttsn.gateway.session.State;

/**
 * The gauges of one moment, taken in the event loop.
 *
 * @param topicIds normal topic ids of all clients
 */
record Snapshot(
    Map<State, Long> sessions,
    long waitingMessages,
    long waitingBytes,
    long topicIds,
    long subscriptions,
    QueueView queue,
    boolean brokerUp,
    BrokerStatus broker) {

  static Snapshot of(Gateway gateway, BrokerStatus broker, long now) {
    Map<State, Long> sessions = new EnumMap<>(State.class);
    long topicIds = 0;
    long subscriptions = 0;
    for (SessionView view : gateway.views(now)) {
      sessions.merge(view.state(), 1L, Long::sum);
      topicIds += view.topics();
      subscriptions += view.subscriptions();
    }
    return new Snapshot(
        sessions,
        gateway.waitingMessages(),
        gateway.waitingBytes(),
        topicIds,
        subscriptions,
        gateway.queue(now),
        gateway.isBrokerReachable(),
        broker);
  }
}
