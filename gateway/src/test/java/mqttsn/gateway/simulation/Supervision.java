package mqttsn.gateway.simulation;

import java.util.HashMap;
import java.util.Map;
import mqttsn.codec.ConnAck;
import mqttsn.codec.Disconnect;
import mqttsn.codec.Legible;
import mqttsn.codec.PingResp;
import mqttsn.codec.ToClient;
import mqttsn.gateway.session.Gateway;
import mqttsn.gateway.session.SessionView;
import mqttsn.gateway.session.Settings;
import mqttsn.gateway.session.State;

/** A silent client is lost in time, and whatever waits has a deadline. */
final class Supervision implements Invariant {

  private final long retriesNanos;
  private final Map<String, Long> lastHeard = new HashMap<>();
  private final Map<String, Integer> sleepSeconds = new HashMap<>();
  private final Map<String, ModelClient> clients = new HashMap<>();

  Supervision(Settings settings) {
    retriesNanos = settings.sessions().tRetryNanos() * (settings.sessions().nRetry() + 2);
  }

  @Override
  public void received(ModelClient client, Legible message) {
    heard(client);
    if (message instanceof Disconnect disconnect) {
      sleepSeconds.put(client.clientId(), disconnect.durationSeconds());
    }
  }

  @Override
  public void sent(ModelClient client, ToClient message) {
    if (message instanceof PingResp || message instanceof ConnAck) {
      heard(client);
    }
  }

  /** SI-41: nobody is silent while nobody listens. */
  @Override
  public void restarted(World world) {
    world.clients().forEach(this::heard);
  }

  private void heard(ModelClient client) {
    clients.put(client.clientId(), client);
    lastHeard.put(client.clientId(), client.now());
  }

  @Override
  public void settled(World world) {
    long now = world.timeline().now();
    if (world.core().sessions() > 0 && world.core().deadline() == Gateway.NEVER) {
      throw new Violation("sessions without a deadline");
    }
    for (SessionView view : world.core().views(now)) {
      ModelClient client = clients.get(view.clientId());
      if (client == null) {
        continue;
      }
      long silence = now - lastHeard.getOrDefault(view.clientId(), now);
      if (view.state() == State.ACTIVE
          && silence > tolerated(client.plan.durationSeconds()) + Timeline.SECOND) {
        throw new Violation(view.clientId() + " is silent and still active");
      }
      boolean sleeps = view.state() == State.ASLEEP || view.state() == State.AWAKE;
      long sleep = tolerated(sleepSeconds.getOrDefault(view.clientId(), 0));
      if (sleeps && silence > sleep + retriesNanos) {
        throw new Violation(view.clientId() + " is overdue and not lost: " + view.state());
      }
    }
  }

  /** §7.2. */
  private static long tolerated(int durationSeconds) {
    return durationSeconds * Timeline.SECOND * (durationSeconds > 60 ? 110 : 150) / 100;
  }
}
