package mqttsn.gateway.simulation;

import mqttsn.codec.Qos;
import mqttsn.gateway.simulation.ModelClient.Phase;
import mqttsn.gateway.simulation.Requests.Kind;

/** What a client does when: it publishes, subscribes, sleeps, leaves, reboots, moves. */
final class Habits {

  private final ModelClient client;
  private final World world;
  private final Dice dice;
  private long nextTurn;
  private long publishesAgainAt;
  private int sleepSeconds;
  private int turnsAwake;
  private boolean provedQosOne;
  private boolean provedQosTwo;

  Habits(ModelClient client, World world, Dice dice) {
    this.client = client;
    this.world = world;
    this.dice = dice;
  }

  void begin() {
    nextTurn = dice.nanos(0, 30 * Timeline.SECOND);
    world.timeline().after(nextTurn, this::tick);
  }

  /** The client works as it should since faults have ended. */
  boolean isProved() {
    return client.phase() == Phase.ACTIVE && provedQosOne && provedQosTwo;
  }

  void calm() {
    provedQosOne = false;
    provedQosTwo = false;
    publishesAgainAt = 0;
  }

  void connected() {
    nextTurn = now() + dice.nanos(0, 5 * Timeline.SECOND);
  }

  void off() {
    nextTurn = now() + dice.nanos(5 * Timeline.SECOND, 60 * Timeline.SECOND);
  }

  void asleep() {
    long duration = sleepSeconds * Timeline.SECOND;
    boolean oversleeps = !world.isCalm() && dice.chance(0.03);
    nextTurn = now() + (oversleeps ? 2 * duration : duration - duration / 10);
  }

  void waitForCongestion() {
    publishesAgainAt = now() + dice.nanos(5 * Timeline.SECOND, 300 * Timeline.SECOND);
    if (world.isCalm()) {
      publishesAgainAt = now() + 5 * Timeline.SECOND;
    }
  }

  void published(Qos qos) {
    provedQosOne |= qos == Qos.ONE;
    provedQosTwo |= qos == Qos.TWO;
  }

  /** A few times a minute, as long as the world turns. */
  private void tick() {
    if (world.isSilent()) {
      return;
    }
    if (now() >= nextTurn) {
      turn();
    }
    keepAlive();
    long most = (client.plan.isHasty() ? 2 : 5) * Timeline.SECOND;
    world.timeline().after(dice.nanos(most / 4, most), this::tick);
  }

  private void turn() {
    switch (client.phase()) {
      case OFF -> client.connect(wantsCleanSession());
      case ACTIVE -> {
        if (world.isCalm()) {
          prove();
        } else {
          act();
        }
      }
      case ASLEEP -> {
        if (world.isCalm() || --turnsAwake < 0) {
          client.connect(client.plan.cleanSession());
        } else {
          client.wakeUp();
        }
      }
      case CONNECTING, LEAVING, FALLING_ASLEEP, AWAKE -> {}
    }
  }

  private boolean wantsCleanSession() {
    return client.plan.cleanSession() || (!world.isCalm() && dice.chance(0.02));
  }

  private void act() {
    int choice = dice.between(0, 999);
    if (choice < 700) {
      publish();
    } else if (choice < 850) {
      subscribe();
    } else if (choice < 870) {
      client.publishPredefined(10, Qos.MINUS_ONE);
    } else if (choice < 890) {
      if (client.plan.hasWill() && !client.isAsking(Kind.WILL)) {
        client.updateWill();
      }
    } else if (choice < 940) {
      if (client.plan.sleeps()) {
        sleepSeconds = dice.between(20, 400);
        turnsAwake = dice.between(1, 6);
        client.sleep(sleepSeconds);
      }
    } else if (choice < 950) {
      client.disconnect();
    } else if (choice < 965) {
      disappear();
    } else if (choice < 975) {
      client.connect(client.plan.cleanSession());
    }
  }

  private void disappear() {
    switch (dice.between(0, 2)) {
      case 0 -> client.vanish();
      case 1 -> client.reboot();
      default -> {
        client.vanish();
        world.move(client);
      }
    }
    nextTurn =
        now()
            + Network.MAX_DELAY_NANOS
            + (dice.chance(0.5)
                ? dice.nanos(0, 10 * Timeline.SECOND)
                : dice.nanos(0, 400 * Timeline.SECOND));
  }

  private void publish() {
    Qos qos = Qos.ofLevel(dice.between(0, 2));
    if (now() < publishesAgainAt || (qos != Qos.ZERO && client.isPublishing())) {
      return;
    }
    switch (dice.between(0, 3)) {
      case 0 -> client.publishPredefined(dice.chance(0.05) ? 99 : dice.between(10, 11), qos);
      case 1 -> client.publishShort(dice.pick(Topics.SHORT_NAMES), qos, dice.chance(0.1));
      default -> {
        if (!client.isAsking(Kind.REGISTER)) {
          client.publishNamed(dice.pick(Topics.NAMES), qos);
        }
      }
    }
  }

  private void subscribe() {
    if (client.isAsking(Kind.SUBSCRIPTION)) {
      return;
    }
    if (dice.chance(0.7)) {
      client.subscribe(Topics.subscribable(dice), Qos.ofLevel(dice.between(0, 2)));
    } else {
      client.unsubscribe(Topics.subscribable(dice));
    }
  }

  private void prove() {
    if (client.isPublishing() || now() < publishesAgainAt) {
      return;
    }
    if (!provedQosOne) {
      client.publishPredefined(10, Qos.ONE);
    } else if (!provedQosTwo) {
      client.publishShort("t1", Qos.TWO, false);
    }
  }

  private void keepAlive() {
    long keepAlive = client.plan.durationSeconds() * Timeline.SECOND;
    if (client.phase() == Phase.ACTIVE
        && client.sinceLastSent() > keepAlive / 2
        && !client.isAsking(Kind.PING)) {
      client.ping();
    }
  }

  private long now() {
    return world.timeline().now();
  }
}
