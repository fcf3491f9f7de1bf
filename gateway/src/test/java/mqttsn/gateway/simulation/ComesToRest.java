package mqttsn.gateway.simulation;

import mqttsn.gateway.session.QueueView;
import mqttsn.gateway.session.SessionView;

/**
 * When nothing goes wrong any more, every client is served and everything that waited is delivered;
 * when nobody speaks any more, nothing is kept.
 */
final class ComesToRest implements Invariant {

  private final Sharing sharing;

  ComesToRest(Sharing sharing) {
    this.sharing = sharing;
  }

  @Override
  public void calm(World world) {
    isDrained(world);
    for (ModelClient client : world.clients()) {
      if (!client.habits().isProved()) {
        throw new Violation(client.clientId() + " is not served: " + client.phase());
      }
      BrokerSession session = world.broker().session(sharing.mqttClientId(client.clientId()));
      if (session == null || session.connection == null) {
        throw new Violation(client.clientId() + " has no broker connection");
      }
      if (session.outstanding() > 0) {
        throw new Violation(
            client.clientId() + ": " + session.outstanding() + " messages are stuck");
      }
    }
    for (SessionView view : world.core().views(world.timeline().now())) {
      boolean isPresent =
          world.clients().stream().anyMatch(c -> c.clientId().equals(view.clientId()));
      if (isPresent && view.waitingMessages() > 0) {
        throw new Violation(view.waitingMessages() + " messages wait for " + view.clientId());
      }
    }
  }

  private static void isDrained(World world) {
    QueueView queue = world.core().queue(world.timeline().now());
    if (queue.messages() != 0 || queue.bytes() != 0) {
      throw new Violation("left in the queue: " + queue);
    }
    if (!world.queueDisk().load().isEmpty()) {
      throw new Violation("left on the disk of the queue: " + world.queueDisk().load());
    }
  }

  @Override
  public void silent(World world) {
    for (SessionView view : world.core().views(world.timeline().now())) {
      throw new Violation("kept for ever: " + view);
    }
    if (world.core().waitingBytes() != 0 || world.core().waitingMessages() != 0) {
      throw new Violation("nobody is there, but " + world.core().waitingBytes() + " octets wait");
    }
  }
}
