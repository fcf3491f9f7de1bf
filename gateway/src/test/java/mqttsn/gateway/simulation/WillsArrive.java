package mqttsn.gateway.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mqttsn.codec.ConnAck;
import mqttsn.codec.Connect;
import mqttsn.codec.Legible;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.ToClient;
import mqttsn.codec.WillMsg;
import mqttsn.codec.WillMsgResp;
import mqttsn.codec.WillMsgUpd;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLink;
import mqttsn.gateway.session.Notice;

/**
 * The will of a lost client is published, and no other; the gateway repeats one only when its
 * connection broke over it.
 */
final class WillsArrive implements Invariant {

  /** What is counted for a will that neither the connection nor the queue takes. */
  private static final Set<Action> NOT_TAKEN =
      Set.of(
          Action.Drop.BROKER_AWAY,
          Action.Drop.QUEUE_FULL,
          Action.Drop.QUEUE_DISK,
          Action.Refusal.QUEUE_FULL,
          Action.Refusal.QUEUE_DISK);

  private static final class Will {
    final String payload;
    int losses;

    /** Losses that a process knew, and did not say before it was killed. */
    int unsaidLosses;

    int arrivals;
    int breaks;

    /** The broker published it by itself, or it left with QoS 0. */
    boolean isGone;

    /** Its client had not been told whether it begins or ends when the gateway was killed. */
    boolean mayBeBack;

    Will(String payload) {
      this.payload = payload;
    }
  }

  private final Map<String, Will> byClient = new HashMap<>();
  private final Map<String, Will> byPayload = new HashMap<>();

  /** Clients whose CONNECT has no CONNACK yet: a late copy of WILLMSG changes nothing. */
  private final Set<String> connecting = new HashSet<>();

  /** Their wills. */
  private final Map<String, Will> offered = new HashMap<>();

  /** Those that the WILLMSGUPD of the present input brings, by ClientId. */
  private final Map<String, Will> updated = new HashMap<>();

  /** Those that the CONNECT with CleanSession of the present input ends. */
  private final Set<Will> ending = new HashSet<>();

  private final Sharing sharing;
  private final Map<BrokerLink, String> mqttClientIds = new HashMap<>();
  private boolean isPublish;
  private int drops;
  private final QueueDrops queueDrops = new QueueDrops();

  WillsArrive(Sharing sharing) {
    this.sharing = sharing;
  }

  @Override
  public void opened(BrokerLink link, BrokerConnect connect) {
    mqttClientIds.put(link, connect.clientId());
  }

  @Override
  public void received(ModelClient client, Legible message) {
    isPublish = message instanceof Publish;
    Will before = byClient.get(client.clientId());
    if (message instanceof Connect) {
      connecting.add(client.clientId());
    }
    if (message instanceof WillMsg willMsg && connecting.contains(client.clientId())) {
      offered.put(client.clientId(), will(willMsg.willMsg().toUtf8String()));
    } else if (message instanceof WillMsgUpd willMsgUpd) {
      updated.put(client.clientId(), will(willMsgUpd.willMsg().toUtf8String()));
    } else if (message instanceof Connect connect && connect.cleanSession()) {
      byClient.remove(client.clientId());
      if (before != null) {
        ending.add(before);
      }
    }
  }

  @Override
  public void sent(ModelClient client, ToClient message) {
    Will update = updated.get(client.clientId());
    if (message instanceof WillMsgResp response
        && response.returnCode() == ReturnCode.ACCEPTED
        && update != null) {
      byClient.put(client.clientId(), update);
    } else if (message instanceof ConnAck) {
      connecting.remove(client.clientId());
      Will will = offered.remove(client.clientId());
      if (will != null) {
        byClient.put(client.clientId(), will);
      }
    }
  }

  /** With QoS 0 it may be lost with the connection that takes it. */
  @Override
  public void commanded(String mqttClientId, BrokerLink link, BrokerCommand command) {
    if (command instanceof BrokerCommand.Publish publish && publish.qos() == Qos.ZERO) {
      Will will = byPayload.get(publish.payload().toUtf8String());
      if (will != null) {
        will.isGone = true;
      }
    }
  }

  private Will will(String payload) {
    return byPayload.computeIfAbsent(payload, Will::new);
  }

  @Override
  public void acted(List<Action> actions) {
    queueDrops.acted(actions);
    lostBy(actions).forEach(will -> will.losses++);
    countDrops(actions);
    updated.clear();
    ending.clear();
  }

  /** Another process publishes the will, if the record of the loss is on the disk. */
  @Override
  public void unsaid(List<Action> actions) {
    lostBy(actions).forEach(will -> will.unsaidLosses++);
    countDrops(actions);
  }

  private void countDrops(List<Action> actions) {
    if (!isPublish) {
      drops += (int) actions.stream().filter(NOT_TAKEN::contains).count();
    }
    isPublish = false;
  }

  private List<Will> lostBy(List<Action> actions) {
    List<Will> lost = new ArrayList<>();
    for (Action action : actions) {
      if (action instanceof Action.Tell tell && tell.notice().event() == Notice.Event.LOST) {
        Will will = byClient.get(tell.notice().clientId());
        if (will != null) {
          lost.add(will);
        }
      }
    }
    return lost;
  }

  @Override
  public void fromBroker(BrokerLink link, BrokerEvent event) {
    if (event instanceof BrokerEvent.Lost) {
      String mqttClientId = mqttClientIds.getOrDefault(link, "");
      byClient.forEach(
          (clientId, will) -> {
            if (sharing.mqttClientId(clientId).equals(mqttClientId)) {
              will.breaks++;
            }
          });
    }
  }

  /**
   * A will that was offered, or an update, may be in the record in the place of the one before,
   * although its client was not told; one that a CONNECT with CleanSession ends may be there still,
   * if that was not answered.
   */
  @Override
  public void ended() {
    offered.forEach(this::mayBeInTheRecord);
    offered.clear();
    updated.forEach(this::mayBeInTheRecord);
    updated.clear();
    connecting.clear();
    ending.forEach(will -> will.mayBeBack = true);
    ending.clear();
  }

  private void mayBeInTheRecord(String clientId, Will will) {
    will.mayBeBack = true;
    Will before = byClient.get(clientId);
    if (before != null) {
      before.isGone = true;
    }
  }

  /** Whether a will has arrived is among the last things that are written down. */
  @Override
  public void restarted(World world) {
    byPayload.values().forEach(will -> will.breaks++);
  }

  @Override
  public void arrived(String clientId, long brokerSession, String topicName, String payload) {
    Will will = byPayload.get(payload);
    if (will == null) {
      return;
    }
    int losses = will.losses + will.unsaidLosses;
    if (++will.arrivals > losses + (losses == 0 ? 0 : will.breaks) && !will.mayBeBack) {
      throw new Violation(
          clientId + ": will " + payload + " published, lost " + will.losses + " times");
    }
  }

  @Override
  public void willFired(String clientId, String payload) {
    Will will = byPayload.get(payload);
    if (will != null) {
      will.isGone = true;
    }
  }

  @Override
  public void calm(World world) {
    List<String> missing =
        byPayload.values().stream()
            .filter(will -> will.losses > 0 && will.arrivals == 0 && !will.isGone)
            .map(will -> will.payload)
            .filter(payload -> !queueDrops.has(payload))
            .toList();
    if (missing.size() > drops) {
      throw new Violation("wills never published, " + drops + " of them counted: " + missing);
    }
  }
}
