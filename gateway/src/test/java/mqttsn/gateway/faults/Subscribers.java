package mqttsn.gateway.faults;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import mqttsn.codec.Named;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.gateway.application.MqttApplication;
import mqttsn.gateway.client.ClientSettings;
import mqttsn.gateway.client.MqttSnClient;
import mqttsn.gateway.client.Received;
import mqttsn.gateway.config.BrokerUrl;

/**
 * Clients that subscribe and stay, and an application that sends numbered messages to each of them,
 * a few at a time, until it is told to stop.
 */
final class Subscribers implements AutoCloseable {

  private static final Duration T_RETRY = Duration.ofMillis(500);
  private static final int N_RETRY = 40;

  /** So many messages may be under way to a client. */
  private static final int WINDOW = 5;

  private final MqttApplication application;
  private final Qos qos;
  private final Arrivals arrivals = new Arrivals();
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> sent = new ConcurrentHashMap<>();
  private final List<MqttSnClient> clients = new ArrayList<>();
  private final List<Thread> senders = new ArrayList<>();
  private volatile boolean stopping;
  private volatile boolean closed;

  Subscribers(InetSocketAddress gateway, String brokerUrl, Qos qos, Collection<String> clientIds)
      throws IOException {
    this.qos = qos;
    this.application =
        MqttApplication.connect(BrokerUrl.parse(brokerUrl), "application-" + qos.level());
    for (String clientId : clientIds) {
      MqttSnClient client =
          MqttSnClient.open(new ClientSettings(clientId, T_RETRY, N_RETRY), gateway);
      clients.add(client);
      sent.put(clientId, 0);
      client.connect(false, Duration.ofMinutes(10));
      client.subscribe(new Named("down/" + clientId), qos);
      start(() -> receive(client));
      senders.add(start(() -> send(clientId)));
    }
  }

  private static Thread start(Runnable task) {
    Thread thread = new Thread(task, "subscribers");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void send(String clientId) {
    try {
      for (int number = 0; !stopping; number++) {
        String payload = clientId + ":" + number;
        application.publish("down/" + clientId, qos, false, Octets.utf8(payload));
        acknowledged.add(payload);
        sent.put(clientId, number + 1);
        if (number >= WINDOW) {
          arrivals.awaitOne(clientId + ":" + (number - WINDOW));
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void receive(MqttSnClient client) {
    while (!closed) {
      Received message = client.receive(T_RETRY);
      if (message != null) {
        arrivals.add(message.data().toUtf8String());
      }
    }
  }

  /** The payloads that the broker has taken. */
  Set<String> acknowledged() {
    return Set.copyOf(acknowledged);
  }

  /** What the clients got. */
  Arrivals arrivals() {
    return arrivals;
  }

  /** Waits until so many more messages went to each client. */
  void awaitMore(int messages) throws InterruptedException {
    Map<String, Integer> before = Map.copyOf(sent);
    for (Map.Entry<String, Integer> client : before.entrySet()) {
      arrivals.awaitOne(client.getKey() + ":" + (client.getValue() + messages - 1));
    }
  }

  /** Ends the load; what is under way goes on. */
  void stop() throws InterruptedException {
    stopping = true;
    for (Thread sender : senders) {
      sender.join();
    }
  }

  @Override
  public void close() {
    stopping = true;
    closed = true;
    senders.forEach(Thread::interrupt);
    clients.forEach(MqttSnClient::close);
    application.close();
  }
}
