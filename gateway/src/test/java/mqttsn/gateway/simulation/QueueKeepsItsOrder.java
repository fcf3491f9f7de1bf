package mqttsn.gateway.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerLink;
import mqttsn.gateway.session.QueueEvent;
import mqttsn.gateway.session.QueuedMessage;
import org.jspecify.annotations.Nullable;

/**
 * In the durable queue nobody is starved: what waits there for a shared connection leaves in the
 * order of its numbers, whosever it is. A message may be passed by two later ones that waited too,
 * because another one is sent in place of one that is suspected to end the connection.
 */
final class QueueKeepsItsOrder implements Invariant {

  private static final int MOST = 2;

  /** Packet identifiers from here on are those of messages that were not sent before. */
  private static final int FIRST_QUEUED_IDENTIFIER = 0x8000;

  private static final class Waiting {
    @Nullable String payload;
    boolean fetched;
    int passed;

    Waiting(@Nullable String payload) {
      this.payload = payload;
    }
  }

  private final Sharing sharing;

  /** By MQTT client and number: what was not sent yet. */
  private final Map<String, NavigableMap<Long, Waiting>> waiting = new HashMap<>();

  /** Numbers that this process has taken out; the disk does so a little later. */
  private final Set<Long> dequeued = new HashSet<>();

  private final Map<BrokerLink, String> mqttClientIds = new HashMap<>();

  QueueKeepsItsOrder(Sharing sharing) {
    this.sharing = sharing;
  }

  @Override
  public void opened(BrokerLink link, BrokerConnect connect) {
    mqttClientIds.put(link, connect.clientId());
  }

  @Override
  public void restarted(World world) {
    for (QueuedMessage.Summary left : world.queueDisk().load()) {
      if (!left.released() && !dequeued.contains(left.number())) {
        add(left.clientId(), left.number(), left.packetIdentifier(), null);
      }
    }
  }

  @Override
  public void fromQueue(List<QueueEvent> events) {
    for (QueueEvent event : events) {
      if (event instanceof QueueEvent.NotStored) {
        remove(event.number());
      } else if (event instanceof QueueEvent.Fetched fetched) {
        Waiting message = byNumber(event.number());
        if (message != null) {
          message.payload = fetched.message().payload().toUtf8String();
        }
      }
    }
  }

  @Override
  public void acted(List<Action> actions) {
    for (Action action : actions) {
      if (action instanceof Action.Enqueue enqueue) {
        QueuedMessage message = enqueue.message();
        String payload = message.payload().toUtf8String();
        add(message.clientId(), message.number(), message.packetIdentifier(), payload);
      } else if (action instanceof Action.Fetch fetch) {
        fetch.numbers().forEach(this::fetched);
      } else if (action instanceof Action.Dequeue dequeue) {
        dequeued.add(dequeue.number());
        remove(dequeue.number());
      } else if (action instanceof Action.Command command
          && command.command() instanceof BrokerCommand.Publish publish) {
        String mqttClientId = mqttClientIds.getOrDefault(command.link(), "");
        sent(waiting.get(mqttClientId), publish.payload().toUtf8String());
      }
    }
  }

  @Override
  public void ended() {
    waiting.clear();
    dequeued.clear();
  }

  private void sent(@Nullable NavigableMap<Long, Waiting> ofConnection, String payload) {
    if (ofConnection == null) {
      return;
    }
    for (Map.Entry<Long, Waiting> entry : ofConnection.entrySet()) {
      if (payload.equals(entry.getValue().payload)) {
        if (entry.getValue().fetched) {
          ofConnection.headMap(entry.getKey()).forEach(this::passed);
        }
        ofConnection.remove(entry.getKey());
        return;
      }
    }
  }

  private void passed(long number, Waiting earlier) {
    earlier.passed++;
    if (earlier.passed > MOST) {
      throw new Violation(number + " waits in the queue while later ones leave it");
    }
  }

  private void add(String clientId, long number, int packetIdentifier, @Nullable String payload) {
    boolean wasSent = packetIdentifier != 0 && packetIdentifier < FIRST_QUEUED_IDENTIFIER;
    if (!wasSent) {
      String mqttClientId =
          clientId.isEmpty() ? sharing.gatewayName() : sharing.mqttClientId(clientId);
      waiting
          .computeIfAbsent(mqttClientId, key -> new TreeMap<>())
          .put(number, new Waiting(payload));
    }
  }

  private void fetched(long number) {
    Waiting message = byNumber(number);
    if (message != null) {
      message.fetched = true;
    }
  }

  private void remove(long number) {
    waiting.values().forEach(ofConnection -> ofConnection.remove(number));
  }

  private @Nullable Waiting byNumber(long number) {
    for (NavigableMap<Long, Waiting> ofConnection : waiting.values()) {
      Waiting message = ofConnection.get(number);
      if (message != null) {
        return message;
      }
    }
    return null;
  }
}
