package mqttsn.gateway.faults;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mqttsn.codec.Qos;
import mqttsn.gateway.store.SavedSessions;
import mqttsn.gateway.testing.GatewayProcess;
import mqttsn.gateway.testing.GatewaySite;
import mqttsn.gateway.testing.MosquittoBroker;
import mqttsn.gateway.testing.RawClient;
import mqttsn.gateway.testing.SmallDisk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Gateway and broker are killed under load, again and again. With {@code sessions.file}, whatever
 * dies: nothing is missing that a client got an acknowledgement for (with QoS 2: unless the broker
 * was killed), QoS 2 arrives once, and the messages of a client arrive in order. Between two lives
 * of the gateway the file of sessions gets the torn end of a commit, or the clock is set back.
 *
 * <p>Half of the clients have a broker connection of their own, the others share one. So many
 * rounds as {@code -Dcrash.rounds} says.
 */
@Tag("machine")
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class CrashIT {

  private static final int ROUNDS = Integer.getInteger("crash.rounds", 5);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Set<String> QOS_1 = clients("one", 3);
  private static final Set<String> QOS_2 = clients("two", 3);

  /** Mosquitto 2.0 loses QoS 2 messages in a restart if one connection has several under way. */
  private static final Set<String> QOS_2_FEW = clients("two", 0);

  private static final String[] CONFIGURATION = {
    "gateway: {mode: aggregating}",
    "aggregating: {clients: [\"shared-*\"]}",
    "sessions: {file: sessions}"
  };

  private enum Victim {
    GATEWAY,
    BROKER,
    BOTH
  }

  @TempDir Path folder;

  private MosquittoBroker broker;
  private Listener listener;
  private GatewaySite site;
  private GatewayProcess gateway;

  @BeforeEach
  void startAll() throws Exception {
    broker =
        MosquittoBroker.start(
            folder,
            "autosave_interval 1",
            "autosave_on_changes true",
            "max_queued_messages 0",
            "max_inflight_messages 1000");
    listener = new Listener(broker.port(), Qos.TWO).awaitSubscription();
    site = new GatewaySite(folder, broker.url());
    gateway = site.start(CONFIGURATION);
  }

  @AfterEach
  void stopAll() {
    gateway.close();
    listener.close();
    broker.close();
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsLostOrDoubled(Victim victim) throws Exception {
    Set<String> qos2 = victim == Victim.GATEWAY ? QOS_2 : QOS_2_FEW;
    try (Publishers one = new Publishers(site.address(), Qos.ONE, QOS_1);
        Publishers two = new Publishers(site.address(), Qos.TWO, qos2)) {
      awaitProgress(one, two);
      for (int round = 1; round <= ROUNDS; round++) {
        kill(victim);
        if (victim != Victim.BROKER) {
          ageFile(round);
        }
        long begin = System.nanoTime();
        resurrect(victim);
        awaitProgress(one, two);
        System.out.printf(
            "%s killed, round %d: %d ms until every client was served again%n",
            victim, round, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
      }
      one.stop();
      two.stop();
      one.assertArrival(listener.arrivals());
      if (victim == Victim.GATEWAY) {
        two.assertArrival(listener.arrivals());
      } else {
        // A Mosquitto 2.0 that is killed may lose a QoS 2 message that it had completed.
        two.assertOrder(listener.arrivals());
      }
    }
  }

  /** The relay goes on, and the file is written again when there is room. */
  @Test
  void goesOnWhileTheDiskIsFull() throws Exception {
    gateway.close();
    Path mounted = Files.createDirectory(folder.resolve("small"));
    String[] configuration = CONFIGURATION.clone();
    configuration[2] = "sessions: {file: small/sessions}";
    try (SmallDisk disk = SmallDisk.mount(mounted, 512)) {
      gateway = site.start(disk.prefix(), configuration).awaitLine(" ready");
      try (Publishers one = new Publishers(site.address(), Qos.ONE, QOS_1);
          Publishers two = new Publishers(site.address(), Qos.TWO, QOS_2)) {
        awaitProgress(one, two);
        disk.fill();
        growFile();
        awaitProgress(one, two);
        disk.makeRoom();
        gateway.awaitLine("sessions are written to the disk again");
        gateway.signal("KILL");
        gateway.exitCode();
        gateway = site.start(disk.prefix(), configuration).awaitLine(" ready");
        awaitProgress(one, two);
        one.stop();
        two.stop();
        one.assertArrival(listener.arrivals());
        two.assertArrival(listener.arrivals());
      }
    }
  }

  /** There is room inside the file: new clients come until it is used up. */
  private void growFile() throws IOException {
    AtomicInteger clients = new AtomicInteger();
    try (RawClient client = new RawClient(site.address())) {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(1))
          .until(
              () -> {
                client.connectToStay("shared-another-" + clients.getAndIncrement());
                return gateway.hasLine("sessions are not written to the disk");
              });
    }
  }

  /** What happened to the file of a process that was killed: nothing, or one of two things. */
  private void ageFile(int round) throws IOException {
    Path file = folder.resolve("sessions");
    switch (round % 3) {
      case 1 -> SavedSessions.tear(file, 100 * round);
      case 2 -> SavedSessions.setClockBack(file, Duration.ofHours(1));
      default -> {}
    }
  }

  /** The other way: what the broker took for clients reaches them. */
  @Test
  void nothingIsLostOrDoubledOnTheWayToClients() throws Exception {
    Set<String> clientsOfTwo = Set.of("own-two", "shared-two");
    Set<String> clientsOfOne = Set.of("own-one", "shared-one");
    try (Subscribers one = new Subscribers(site.address(), broker.url(), Qos.ONE, clientsOfOne);
        Subscribers two = new Subscribers(site.address(), broker.url(), Qos.TWO, clientsOfTwo)) {
      for (int round = 1; round <= ROUNDS; round++) {
        one.awaitMore(10);
        two.awaitMore(10);
        kill(Victim.GATEWAY);
        resurrect(Victim.GATEWAY);
      }
      one.awaitMore(10);
      two.awaitMore(10);
      one.stop();
      two.stop();
      one.arrivals().awaitAll(one.acknowledged());
      two.arrivals().awaitAll(two.acknowledged());
      one.arrivals().assertOrder(clientsOfOne);
      two.arrivals().assertOrder(clientsOfTwo);
      two.arrivals().assertOnce(clientsOfTwo);
    }
  }

  private void kill(Victim victim) throws Exception {
    if (victim != Victim.GATEWAY) {
      // A broker may forget what it has just acknowledged: it gets the time to write that down.
      gateway.signal("STOP");
      broker.awaitQuiet();
      broker.kill();
      if (victim == Victim.BROKER) {
        gateway.signal("CONT");
      }
    }
    if (victim != Victim.BROKER) {
      gateway.signal("KILL");
      gateway.exitCode();
    }
  }

  private void resurrect(Victim victim) throws IOException {
    if (victim != Victim.GATEWAY) {
      broker.restart();
    }
    if (victim != Victim.BROKER) {
      gateway = site.start(CONFIGURATION);
    }
  }

  /** Waits until each client got some more acknowledgements. */
  private static void awaitProgress(Publishers... loads) {
    for (Publishers load : loads) {
      load.awaitMore(5, PATIENCE);
    }
  }

  private static Set<String> clients(String kind, int sharing) {
    Set<String> clientIds = new LinkedHashSet<>();
    for (int i = 0; i < 3; i++) {
      clientIds.add("own-" + kind + "-" + i);
    }
    for (int i = 0; i < sharing; i++) {
      clientIds.add("shared-" + kind + "-" + i);
    }
    return clientIds;
  }
}
