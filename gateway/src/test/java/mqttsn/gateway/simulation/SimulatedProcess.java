package mqttsn.gateway.simulation;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import mqttsn.codec.Decoded;
import mqttsn.gateway.net.OutputCommit;
import mqttsn.gateway.net.SessionPort;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLink;
import mqttsn.gateway.session.ClientAddress;
import mqttsn.gateway.session.Gateway;
import mqttsn.gateway.session.QueueEvent;

/**
 * One process of the gateway, as its driver is: core, timer, and what is held back until it is
 * written down. It ends by a signal that it obeys, or without one.
 *
 * <p>Invariants hear of an input when its actions are performed, or when the process ends that has
 * not performed them.
 */
final class SimulatedProcess {

  private static final long WRITE_INTERVAL_NANOS = 100 * Timeline.MILLISECOND;
  private static final int WRITTEN_AT_ONCE = 1_000;

  /** So many timeouts at one instant are a timer that spins. */
  private static final int SPIN = 100;

  /**
   * An input whose actions are not performed yet.
   *
   * @param announcement what has to be told before
   */
  private record Unsaid(Runnable announcement, List<Action> actions) {}

  /** In their order. */
  private final Map<Long, Unsaid> unsaid = new TreeMap<>();

  private final World world;
  private final Timeline timeline;
  private final Dice dice;
  private final Core core;
  private final SessionPort disk;
  private final OutputCommit output;
  private final Links links;
  private long lastInput;
  private long timerDue = Gateway.NEVER;
  private long lastTimeout = -1;
  private int timeoutsAtOnce;
  private boolean writes;
  private boolean listens;
  private boolean isOver;

  SimulatedProcess(World world, Core core, SessionPort disk, Dice dice) {
    this.world = world;
    this.timeline = world.timeline();
    this.dice = dice;
    this.core = core;
    this.disk = disk;
    output = new OutputCommit(disk, this::perform, this::setTimer);
    links = new Links(timeline, dice.split(), world.broker(), this::fromBroker);
  }

  Core core() {
    return core;
  }

  Links links() {
    return links;
  }

  /** Goes on with the queue and the sessions of an earlier process, then listens. */
  void start(SimulatedQueueDisk queue, List<SimulatedDisk.Saved> sessions) {
    core.restoreQueue(queue.load(), queue.lastNumber(), timeline.now());
    for (SimulatedDisk.Saved saved : sessions) {
      long downNanos = timeline.now() - saved.at();
      input(
          "disk",
          saved.session(),
          () -> {},
          now -> core.restore(List.of(saved.session()), downNanos, now));
    }
    listens = true;
    input("timer", "", () -> world.invariants().forEach(i -> i.restarted(world)), core::start);
  }

  /** SIGTERM: another process goes on. */
  void handOver() {
    listens = false;
    input("signal", "", () -> {}, core::handOver);
    write(Integer.MAX_VALUE);
  }

  /** The process is no more. */
  void end() {
    listens = false;
    isOver = true;
    links.end(dice.chance(0.5));
    for (Unsaid input : unsaid.values()) {
      input.announcement().run();
      world.invariants().forEach(invariant -> invariant.unsaid(input.actions()));
    }
    world.invariants().forEach(Invariant::ended);
  }

  void fromClient(
      String who, Object what, Runnable announcement, ClientAddress from, Decoded decoded) {
    if (listens) {
      input(who, what, announcement, now -> core.fromClient(from, decoded, now));
    }
  }

  private void fromBroker(BrokerLink link, BrokerEvent event) {
    if (!isOver && !output.isClosing(link)) {
      input(
          "broker",
          link.number() + " " + event,
          () -> world.invariants().forEach(invariant -> invariant.fromBroker(link, event)),
          now -> core.fromBroker(link, event, now));
    }
  }

  /** What the disk under the durable queue says. */
  void fromQueue(List<QueueEvent> events) {
    if (!isOver) {
      input(
          "disk",
          events,
          () -> world.invariants().forEach(invariant -> invariant.fromQueue(events)),
          now -> core.fromQueue(events, now));
    }
  }

  private void timeout() {
    if (isOver || timeline.now() < timerDue) {
      return;
    }
    timerDue = Gateway.NEVER;
    timeoutsAtOnce = timeline.now() == lastTimeout ? timeoutsAtOnce + 1 : 0;
    lastTimeout = timeline.now();
    if (timeoutsAtOnce > SPIN) {
      throw new Violation("the timer spins: deadline " + core.deadline());
    }
    input("timer", "", () -> {}, core::timeout);
  }

  /** One input of the core, and what it leads to, now or when it is written down. */
  private void input(
      String who, Object what, Runnable announcement, LongFunction<List<Action>> call) {
    world.transcript(who, ">>>", what);
    List<Action> actions = call.apply(timeline.now());
    long number = ++lastInput;
    unsaid.put(number, new Unsaid(announcement, actions));
    output.perform(actions, number);
    setTimer();
    writeBehind();
  }

  private void perform(List<Action> actions, long input) {
    if (isOver) {
      return;
    }
    Unsaid said = unsaid.remove(input);
    if (said != null) {
      said.announcement().run();
    }
    actions.forEach(world::perform);
    world.invariants().forEach(invariant -> invariant.acted(actions));
    if (listens && unsaid.isEmpty()) {
      world.invariants().forEach(invariant -> invariant.settled(world));
    }
  }

  private void setTimer() {
    long deadline = core.deadline();
    if (deadline < timerDue) {
      timerDue = deadline;
      timeline.at(deadline, this::timeout);
    }
  }

  /** What has changed is written down a little later. */
  private void writeBehind() {
    if (disk.keeps() && !writes) {
      writes = true;
      timeline.after(
          dice.nanos(0, WRITE_INTERVAL_NANOS),
          () -> {
            writes = false;
            if (!isOver) {
              write(WRITTEN_AT_ONCE);
            }
          });
    }
  }

  private void write(int most) {
    core.takeChanged(most, timeline.now())
        .forEach(
            (clientId, session) -> session.ifPresentOrElse(disk::save, () -> disk.erase(clientId)));
  }
}
