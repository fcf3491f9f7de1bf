package mqttsn.gateway.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLimits;
import mqttsn.gateway.session.BrokerLink;
import mqttsn.gateway.session.QueueView;
import mqttsn.gateway.session.SessionView;
import mqttsn.gateway.session.Settings;

/** Each limit of the settings holds, and those that the broker set. */
final class LimitsHold implements Invariant {

  private static final class Link {
    BrokerLimits limits = BrokerLimits.MQTT_3_1_1;
    final Set<Integer> unacknowledged = new HashSet<>();
  }

  private final Settings settings;
  private final Map<BrokerLink, Link> links = new HashMap<>();

  /**
   * Octets of all clients that are allowed: more than the limit where records that a kill left
   * behind tell of messages that were over.
   */
  private long mostOctets;

  LimitsHold(Settings settings) {
    this.settings = settings;
    mostOctets = settings.sessions().buffersTotalBytes();
  }

  @Override
  public void restarted(World world) {
    mostOctets = Math.max(mostOctets, world.core().waitingBytes());
  }

  @Override
  public void fromBroker(BrokerLink link, BrokerEvent event) {
    Link state = links.computeIfAbsent(link, key -> new Link());
    if (event instanceof BrokerEvent.Connected connected) {
      state.limits = connected.limits();
      state.unacknowledged.clear();
    } else if (event instanceof BrokerEvent.PubAck pubAck) {
      state.unacknowledged.remove(pubAck.packetIdentifier());
    } else if (event instanceof BrokerEvent.PubComp pubComp) {
      state.unacknowledged.remove(pubComp.packetIdentifier());
    } else if (event instanceof BrokerEvent.PubRec pubRec
        && pubRec.returnCode() != ReturnCode.ACCEPTED) {
      state.unacknowledged.remove(pubRec.packetIdentifier());
    }
  }

  @Override
  public void commanded(String clientId, BrokerLink link, BrokerCommand command) {
    if (command instanceof BrokerCommand.Publish publish && publish.packetIdentifier() != 0) {
      Link state = links.computeIfAbsent(link, key -> new Link());
      state.unacknowledged.add(publish.packetIdentifier());
      check(
          clientId, "receive maximum", state.unacknowledged.size(), state.limits.receiveMaximum());
    }
  }

  @Override
  public void settled(World world) {
    Settings.Sessions limits = settings.sessions();
    Core core = world.core();
    check("all", "sessions", core.sessions(), limits.max());
    check("all", "octets", core.waitingBytes(), mostOctets);
    mostOctets = Math.max(limits.buffersTotalBytes(), core.waitingBytes());
    long messages = 0;
    long bytes = 0;
    for (SessionView view : core.views(world.timeline().now())) {
      String clientId = view.clientId();
      // One more is under way.
      check(clientId, "messages", view.waitingMessages(), limits.bufferMessages() + 1L);
      check(clientId, "octets", view.waitingBytes(), limits.bufferBytes());
      check(clientId, "topics", view.topics(), limits.maxTopics());
      check(clientId, "subscriptions", view.subscriptions(), limits.maxSubscriptions());
      messages += view.waitingMessages();
      bytes += view.waitingBytes();
    }
    check("all", "messages", core.waitingMessages(), messages);
    QueueView queue = core.queue(world.timeline().now());
    check("queue", "messages", queue.messages(), settings.queue().messages());
    check("queue", "octets", queue.bytes(), settings.queue().bytes());
    if (bytes != core.waitingBytes()) {
      throw new Violation(bytes + " octets wait, but " + core.waitingBytes() + " are counted");
    }
  }

  private static void check(String whose, String what, long actual, long limit) {
    if (actual > limit) {
      throw new Violation(whose + ": " + actual + " " + what + ", limit " + limit);
    }
  }
}
