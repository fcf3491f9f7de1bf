package mqttsn.gateway.faults;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.gateway.client.ClientException;
import mqttsn.gateway.client.ClientSettings;
import mqttsn.gateway.client.MqttSnClient;

/**
 * Clients that publish with QoS 1 until they are told to stop, and remember what was acknowledged.
 * One that is refused or disconnected connects again, as a sensor does.
 */
final class Publishers implements AutoCloseable {

  /** Quick enough for a test; a sensor waits ten seconds. */
  private static final Duration T_RETRY = Duration.ofMillis(500);

  private static final int N_RETRY = 40;

  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;

  Publishers(InetSocketAddress gateway, int clients) {
    for (int i = 0; i < clients; i++) {
      String clientId = "load-" + i;
      Thread thread = new Thread(() -> publish(clientId, gateway), clientId);
      threads.add(thread);
      thread.start();
    }
  }

  /** The payloads that clients got an acknowledgement for. */
  Set<String> acknowledged() {
    return Set.copyOf(acknowledged);
  }

  /** Ends the load; every client finishes what it has under way. */
  void stop() throws InterruptedException {
    stopping = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Override
  public void close() {
    stopping = true;
  }

  private void publish(String clientId, InetSocketAddress gateway) {
    ClientSettings settings = new ClientSettings(clientId, T_RETRY, N_RETRY);
    int sequence = 0;
    try (MqttSnClient client = MqttSnClient.open(settings, gateway)) {
      boolean connected = false;
      while (!stopping) {
        try {
          if (!connected) {
            client.connect(false, Duration.ofMinutes(1));
            connected = true;
          }
          String payload = clientId + ":" + sequence++;
          client.publish("load/" + clientId, Qos.ONE, false, Octets.utf8(payload));
          acknowledged.add(payload);
        } catch (ClientException e) {
          connected = connected && e.returnCode() != null;
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
