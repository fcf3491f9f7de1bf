package mqttsn.gateway.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mqttsn.codec.Connect;
import mqttsn.codec.Legible;
import mqttsn.codec.Named;
import mqttsn.codec.PredefinedId;
import mqttsn.codec.Qos;
import mqttsn.codec.RegAck;
import mqttsn.codec.Register;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.ShortName;
import mqttsn.codec.SubAck;
import mqttsn.codec.Subscribe;
import mqttsn.codec.SubscribeTopic;
import mqttsn.codec.ToClient;
import mqttsn.codec.Unsubscribe;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLink;
import mqttsn.gateway.session.Notice;
import org.jspecify.annotations.Nullable;

/**
 * A message with QoS 1 or 2 that was acknowledged to the broker over a shared connection reaches
 * every client that was subscribed, from before the broker had it until the acknowledgement. Those
 * that do not get it are counted as dropped, or have ended their session or subscription.
 *
 * <p>That QoS 2 comes once is with {@link DownlinkOnce}.
 */
final class DownlinkArrives implements Invariant {

  /** Drops of messages on their way to clients. */
  private static final Set<Action> DROPS =
      Set.of(
          Action.Drop.BUFFER_FULL,
          Action.Drop.TOO_LARGE,
          Action.Drop.TOPIC_IDS_EXHAUSTED,
          Action.Drop.REJECTED_BY_CLIENT,
          Action.Drop.SESSION_ENDED);

  /** One message of the broker for one shared connection, in all its copies. */
  private static final class Message {
    final String payload;
    int copies;
    final Set<Integer> acknowledged = new HashSet<>();

    /** Drops while it was handed out. */
    int drops;

    Message(String payload) {
      this.payload = payload;
    }

    boolean isAcknowledged() {
      return acknowledged.size() >= copies;
    }
  }

  /** What a client is to get, and why. */
  private record Expected(Message message, Set<String> topicFilters) {}

  /** What makes two SUBSCRIBE the same. */
  private record Request(int msgId, SubscribeTopic topic, Qos qos) {
    static Request of(Subscribe subscribe) {
      return new Request(subscribe.msgId(), subscribe.topic(), subscribe.qos());
    }
  }

  private static final class Client {
    boolean cleanSession;

    /** Those with SUBACK, as the broker knows them. */
    final Map<String, Qos> subscriptions = new HashMap<>();

    final Map<Integer, Request> asked = new HashMap<>();
    final Set<Request> answered = new HashSet<>();
    final Map<Integer, String> registered = new HashMap<>();

    /** By payload. */
    final Map<String, Expected> expected = new HashMap<>();

    /** Drops while this client was dealt with. */
    int drops;

    void endSession() {
      subscriptions.clear();
      asked.clear();
      expected.clear();
    }

    /** What is not acknowledged yet need not come because of this filter any more. */
    void unsubscribe(String topicFilter) {
      subscriptions.remove(topicFilter);
      expected
          .values()
          .removeIf(e -> e.topicFilters().contains(topicFilter) && !e.message().isAcknowledged());
    }
  }

  private record Identified(String mqttClientId, int packetIdentifier) {}

  private final Sharing sharing;
  private final Map<BrokerLink, String> mqttClientIds = new HashMap<>();
  private final Map<String, Client> clients = new HashMap<>();
  private final Map<String, Map<String, Message>> messages = new HashMap<>();
  private final Map<Identified, Message> underWay = new HashMap<>();

  /** Drops without a client or a message that they are known to be about. */
  private int drops;

  private @Nullable Client sender;
  private @Nullable Message arrival;

  DownlinkArrives(Sharing sharing) {
    this.sharing = sharing;
  }

  // --- what the broker has for whom

  @Override
  public void copied(String mqttClientId, String payload, Set<String> topicFilters) {
    if (!sharing.isOfMany(mqttClientId)) {
      return;
    }
    Message message =
        messages
            .computeIfAbsent(mqttClientId, key -> new HashMap<>())
            .computeIfAbsent(payload, Message::new);
    message.copies++;
    clients.forEach(
        (clientId, client) -> {
          Set<String> matching = new HashSet<>(topicFilters);
          matching.removeIf(f -> client.subscriptions.getOrDefault(f, Qos.ZERO) == Qos.ZERO);
          if (sharing.mqttClientId(clientId).equals(mqttClientId) && !matching.isEmpty()) {
            client
                .expected
                .computeIfAbsent(payload, key -> new Expected(message, new HashSet<>()))
                .topicFilters()
                .addAll(matching);
          }
        });
  }

  @Override
  public void opened(BrokerLink link, BrokerConnect connect) {
    mqttClientIds.put(link, connect.clientId());
  }

  @Override
  public void fromBroker(BrokerLink link, BrokerEvent event) {
    String mqttClientId = mqttClientIds.getOrDefault(link, "");
    if (event instanceof BrokerEvent.Publish publish && publish.packetIdentifier() != 0) {
      Identified identified = new Identified(mqttClientId, publish.packetIdentifier());
      arrival = messages.getOrDefault(mqttClientId, Map.of()).get(publish.payload().toUtf8String());
      if (arrival == null || publish.retain()) {
        underWay.remove(identified);
      } else {
        underWay.put(identified, arrival);
      }
    }
  }

  @Override
  public void commanded(String mqttClientId, BrokerLink link, BrokerCommand command) {
    if (command instanceof BrokerCommand.PubAck pubAck) {
      acknowledged(new Identified(mqttClientId, pubAck.packetIdentifier()));
    } else if (command instanceof BrokerCommand.PubRec pubRec) {
      acknowledged(new Identified(mqttClientId, pubRec.packetIdentifier()));
    }
  }

  private void acknowledged(Identified identified) {
    Message message = underWay.get(identified);
    if (message != null) {
      message.acknowledged.add(identified.packetIdentifier());
    }
  }

  // --- who is subscribed

  @Override
  public void received(ModelClient client, Legible message) {
    Client state = client(client.clientId());
    sender = state;
    if (message instanceof Connect connect) {
      if (connect.cleanSession() || state.cleanSession) {
        state.endSession();
      }
      state.cleanSession = connect.cleanSession();
    } else if (message instanceof Subscribe subscribe) {
      asks(client, state, subscribe);
    } else if (message instanceof Unsubscribe unsubscribe) {
      state.asked.values().removeIf(request -> request.topic().equals(unsubscribe.topic()));
      state.unsubscribe(atBroker(client, unsubscribe.topic()));
    } else if (message instanceof RegAck regAck && regAck.returnCode() != ReturnCode.ACCEPTED) {
      String name = state.registered.getOrDefault(regAck.msgId(), "");
      state.unsubscribe(sharing.nameAtBroker(client.clientId(), name));
    }
  }

  private void asks(ModelClient client, Client state, Subscribe subscribe) {
    Request request = Request.of(subscribe);
    if (state.answered.contains(request)) {
      return; // the answer comes again, and nothing else
    }
    state.asked.put(subscribe.msgId(), request);
    if (subscribe.qos() == Qos.ZERO) {
      state.unsubscribe(atBroker(client, subscribe.topic()));
    }
  }

  @Override
  public void sent(ModelClient client, ToClient message) {
    Client state = client(client.clientId());
    if (message instanceof Register register) {
      state.registered.put(register.msgId(), register.topicName());
    } else if (message instanceof SubAck subAck) {
      Request request = state.asked.remove(subAck.msgId());
      if (request != null) {
        state.answered.add(request);
        String topicFilter = atBroker(client, request.topic());
        if (subAck.returnCode() == ReturnCode.ACCEPTED && subAck.qos() != Qos.ZERO) {
          state.subscriptions.put(topicFilter, subAck.qos());
        } else {
          state.unsubscribe(topicFilter);
        }
      }
    }
  }

  @Override
  public void delivered(ModelClient client, String topicName, String payload) {
    client(client.clientId()).expected.remove(payload);
  }

  // --- what is not to come

  @Override
  public void acted(List<Action> actions) {
    Client told = null;
    for (Action action : actions) {
      if (action instanceof Action.Tell tell && endsConnection(tell.notice().event())) {
        told = client(tell.notice().clientId());
        if (told.cleanSession) {
          told.endSession();
        }
      }
    }
    int dropped = (int) actions.stream().filter(DROPS::contains).count();
    Client client = sender == null ? told : sender;
    if (arrival != null) {
      arrival.drops += dropped;
    } else if (client != null) {
      client.drops += dropped;
    } else {
      drops += dropped;
    }
    sender = null;
    arrival = null;
  }

  /** The count ends with the process; the drop may be in the record. */
  @Override
  public void unsaid(List<Action> actions) {
    acted(actions);
  }

  private static boolean endsConnection(Notice.Event event) {
    return event == Notice.Event.LOST
        || event == Notice.Event.DISCONNECTED
        || event == Notice.Event.ENDED;
  }

  @Override
  public void ended() {
    sender = null;
    arrival = null;
  }

  @Override
  public void calm(World world) {
    List<String> missing = new ArrayList<>();
    clients.forEach(
        (clientId, client) -> {
          for (Expected expected : client.expected.values()) {
            if (expected.message().isAcknowledged() && !isCounted(client, expected.message())) {
              missing.add(expected.message().payload + " for " + clientId);
            }
          }
        });
    if (!missing.isEmpty()) {
      throw new Violation("acknowledged to the broker, but never delivered: " + missing);
    }
  }

  private boolean isCounted(Client client, Message message) {
    if (message.drops > 0) {
      message.drops--;
    } else if (client.drops > 0) {
      client.drops--;
    } else if (drops > 0) {
      drops--;
    } else {
      return false;
    }
    return true;
  }

  private Client client(String clientId) {
    return clients.computeIfAbsent(clientId, key -> new Client());
  }

  private String atBroker(ModelClient client, SubscribeTopic topic) {
    String topicFilter =
        topic instanceof Named named
            ? named.topicName()
            : topic instanceof PredefinedId id
                ? Topics.PREDEFINED.getOrDefault(id.topicId(), "")
                : ((ShortName) topic).topicName();
    return sharing.nameAtBroker(client.clientId(), topicFilter);
  }
}
