package mqttsn.gateway.simulation;

import java.util.List;
import mqttsn.codec.Octets;
import mqttsn.gateway.session.BrokerLink;
import mqttsn.gateway.session.ClientAddress;

/** What goes wrong around the gateway: network, broker, connections, liars. */
final class Faults {

  private final World world;
  private final Dice dice;

  /** Whether the gateway's process is a short-lived one. */
  private final boolean restartsOften;

  Faults(World world, Dice dice) {
    this.world = world;
    this.dice = dice;
    restartsOften = dice.chance(0.25);
  }

  void begin() {
    every(
        2 * Timeline.MINUTE,
        () -> world.network().badness(dice.chance(0.3) ? 0 : dice.between(0, 10) / 10.0));
    every(2 * Timeline.MINUTE, this::stall);
    every(5 * Timeline.MINUTE, this::closeOne);
    every(15 * Timeline.MINUTE, this::outage);
    every(Timeline.MINUTE, this::lie);
    every(10 * Timeline.MINUTE, this::fillDisk);
    if (world.survivesRestarts()) {
      every((restartsOften ? 2 : 10) * Timeline.MINUTE, this::restart);
    }
  }

  void end() {
    world.network().badness(0);
    world.queueDisk().full(false);
    if (!world.broker().isUp()) {
      comeBack(true);
    }
  }

  private void every(long meanNanos, Runnable fault) {
    world
        .timeline()
        .after(
            dice.nanos(0, 2 * meanNanos),
            () -> {
              if (!world.isCalm()) {
                fault.run();
                every(meanNanos, fault);
              }
            });
  }

  private void stall() {
    List<BrokerLink> links = world.knownLinks();
    if (!links.isEmpty()) {
      world.links().stall(dice.pick(links), dice.nanos(0, 20 * Timeline.SECOND));
    }
  }

  private void closeOne() {
    List<BrokerSession> sessions = world.broker().sessions();
    if (!sessions.isEmpty()) {
      BrokerSession session = dice.pick(sessions);
      world.transcript("fault", "closes", session.clientId);
      world.broker().closeByFault(session);
    }
  }

  private void outage() {
    if (!world.broker().isUp()) {
      return;
    }
    world.transcript("fault", "broker", "down");
    world.broker().goDown();
    long length =
        dice.chance(0.7)
            ? dice.nanos(0, 20 * Timeline.SECOND)
            : dice.nanos(0, 120 * Timeline.SECOND);
    boolean withSessions = dice.chance(0.7);
    world
        .timeline()
        .after(
            length,
            () -> {
              if (!world.broker().isUp()) {
                comeBack(withSessions);
              }
            });
  }

  /** The disk under the durable queue takes nothing new for a while. */
  private void fillDisk() {
    world.transcript("fault", "disk", "is full");
    world.queueDisk().full(true);
    world
        .timeline()
        .after(
            dice.nanos(0, 2 * Timeline.MINUTE),
            () -> {
              world.transcript("fault", "disk", "has room");
              world.queueDisk().full(false);
            });
  }

  /** The gateway ends, as it should or not, and is back soon, or not so soon. */
  private void restart() {
    if (!world.hasProcess()) {
      return;
    }
    long downNanos =
        dice.chance(0.7)
            ? dice.nanos(0, 3 * Timeline.SECOND)
            : dice.nanos(0, dice.chance(0.7) ? Timeline.MINUTE : 10 * Timeline.MINUTE);
    boolean obeys = dice.chance(0.4);
    world.transcript("fault", "gateway", obeys ? "is told to end" : "is killed");
    if (obeys) {
      world.handOver(downNanos);
    } else {
      world.crash(downNanos);
    }
  }

  /** Something is being written down that others wait for: a good moment to be killed. */
  void killSoon() {
    boolean strikes = dice.chance(restartsOften ? 0.02 : 0.002);
    if (strikes && world.survivesRestarts() && !world.isCalm()) {
      world
          .timeline()
          .after(
              dice.nanos(0, 60 * Timeline.MILLISECOND),
              () -> {
                if (world.hasProcess() && !world.isCalm()) {
                  world.transcript("fault", "gateway", "is killed while it writes");
                  world.crash(dice.nanos(0, 3 * Timeline.SECOND));
                }
              });
    }
  }

  private void comeBack(boolean withSessions) {
    world.transcript("fault", "broker", withSessions ? "up" : "up, has forgotten everything");
    world.broker().comeBack(withSessions);
  }

  /** Rubbish from the address of a client, or anything at all from an address of nobody. */
  private void lie() {
    ModelClient victim = dice.pick(world.clients());
    ClientAddress from = dice.chance(0.5) ? victim.address() : world.freshAddress(victim);
    if (from.equals(victim.address())) {
      byte[] octets = dice.octets(dice.between(0, 40));
      if (octets.length > 0) {
        octets[0] = (byte) (octets.length + dice.between(1, 9));
      }
      world.fromLiar(from, Octets.of(octets));
    } else {
      Lies.about(from, dice).forEach(lie -> world.fromLiar(from, lie));
    }
  }
}
