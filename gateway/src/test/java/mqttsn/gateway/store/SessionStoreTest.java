package mqttsn.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mqttsn.codec.Named;
import mqttsn.codec.NormalId;
import mqttsn.codec.Octets;
import mqttsn.codec.PredefinedId;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.codec.ShortName;
import mqttsn.gateway.session.ClientAddress;
import mqttsn.gateway.session.SessionRecord;
import mqttsn.gateway.session.SessionRecord.ExchangePhase;
import mqttsn.gateway.session.State;
import mqttsn.gateway.session.TestSessionRecord;
import mqttsn.gateway.session.Will;
import mqttsn.topic.TopicTable;
import org.h2.mvstore.MVStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionStoreTest {

  @TempDir Path folder;

  @Test
  void readsBackWhatItWrote() throws Exception {
    SessionRecord full = full("sens1");
    SessionRecord bare = bare("sens2");
    try (SessionStore store = open()) {
      store.save(full);
      store.save(bare);
      synced(store);
    }

    try (SessionStore store = open()) {
      assertThat(store.saved())
          .extracting(SessionStore.Saved::session)
          .containsExactlyInAnyOrder(full, bare);
    }
  }

  @Test
  void erasesAndOverwrites() throws Exception {
    try (SessionStore store = open()) {
      store.save(full("gone"));
      store.save(full("changed"));
      store.erase("gone");
      store.save(bare("changed"));
      synced(store);
    }

    try (SessionStore store = open()) {
      assertThat(store.saved())
          .extracting(SessionStore.Saved::session)
          .containsExactly(bare("changed"));
    }
  }

  @Test
  void setsADamagedFileAsideAndBeginsANewOne() throws Exception {
    Path file = folder.resolve("sessions");
    byte[] noise = new byte[16_384];
    Arrays.fill(noise, (byte) 0x5A);
    Files.write(file, noise);

    try (SessionStore store = open()) {
      assertThat(store.saved()).isEmpty();
      store.save(bare("sens1"));
      synced(store);
    }

    assertThat(folder.resolve("sessions.damaged")).hasBinaryContent(noise);
    try (SessionStore store = open()) {
      assertThat(store.saved()).hasSize(1);
    }
  }

  @Test
  void survivesATornTail() throws Exception {
    Path file = folder.resolve("sessions");
    try (SessionStore store = open()) {
      store.save(full("sens1"));
      synced(store);
    }
    byte[] whole = Files.readAllBytes(file);
    byte[] torn = Arrays.copyOf(whole, whole.length + 3_000);
    Arrays.fill(torn, whole.length, torn.length, (byte) 0xEE);
    Files.write(file, torn);

    try (SessionStore store = open()) {
      assertThat(store.saved())
          .extracting(saved -> saved.session().clientId())
          .containsExactly("sens1");
    }
  }

  @Test
  void readsTheFileOfAnEarlierRelease() throws Exception {
    Path file = folder.resolve("sessions");
    try (InputStream old = getClass().getResourceAsStream("sessions-of-format-0")) {
      Files.copy(old, file);
    }

    try (SessionStore store = open()) {
      assertThat(store.saved())
          .extracting(SessionStore.Saved::session)
          .containsExactly(
              full(
                  "sens1",
                  List.of(),
                  new SessionRecord.Message("a/b", Octets.EMPTY, Qos.ONE, true, 0, 0),
                  null),
              bare("sens2"));
      store.erase("sens1");
      synced(store);
    }
    try (SessionStore store = open()) {
      assertThat(store.saved())
          .extracting(SessionStore.Saved::session)
          .containsExactly(bare("sens2"));
    }
    assertThat(folder)
        .isDirectoryContaining("glob:**sessions")
        .isDirectoryNotContaining("glob:**.*");
  }

  @Test
  void setsTheFileOfALaterReleaseAside() throws Exception {
    Path file = folder.resolve("sessions");
    try (MVStore later = MVStore.open(file.toString())) {
      later.openMap("anything").put("a", "b");
      later.setStoreVersion(7);
    }
    byte[] whole = Files.readAllBytes(file);

    try (SessionStore store = open()) {
      assertThat(store.saved()).isEmpty();
      store.save(bare("sens1"));
      synced(store);
    }

    assertThat(folder.resolve("sessions.format-7")).hasSize(whole.length);
    try (SessionStore store = open()) {
      assertThat(store.saved()).hasSize(1);
    }
  }

  @Test
  void givesASessionNoNegativeAgeWhenTheClockWasSetBack() throws Exception {
    long tomorrow = System.currentTimeMillis() + TimeUnit.DAYS.toMillis(1);
    try (StoreFile file = StoreFile.open(folder.resolve("sessions"), SessionStore.LAYOUT)) {
      file.write(
          maps ->
              maps.named(SessionStore.SESSIONS)
                  .put(
                      "sens1", Checked.seal("sens1", SessionBytes.write(bare("sens1"), tomorrow))));
    }

    try (SessionStore store = open()) {
      assertThat(store.saved()).extracting(SessionStore.Saved::ageMillis).containsExactly(0L);
    }
  }

  @Test
  void leavesOutASessionWhoseOctetsChanged() throws Exception {
    byte[] sealed = Checked.seal("sens1", SessionBytes.write(bare("sens1"), 1_000));
    sealed[40] ^= 1;
    try (StoreFile file = StoreFile.open(folder.resolve("sessions"), SessionStore.LAYOUT)) {
      file.write(maps -> maps.named(SessionStore.SESSIONS).put("sens1", sealed));
    }

    try (SessionStore store = open()) {
      store.save(bare("sens2"));
      assertThat(store.saved())
          .extracting(SessionStore.Saved::session)
          .doesNotContain(bare("sens1"));
    }
  }

  @Test
  void keepsTheCeilingOfSequenceNumbers() throws Exception {
    try (SessionStore store = open()) {
      assertThat(store.sequenceCeiling()).isZero();
      store.sequenceCeiling(4_711);
      synced(store);
    }
    try (SessionStore store = open()) {
      assertThat(store.sequenceCeiling()).isEqualTo(4_711);
    }
  }

  @Test
  void takesAnUnknownVersionForNoSession() {
    byte[] bytes = SessionBytes.write(bare("sens1"), 1_000);
    bytes[0] = 99;

    assertThatThrownBy(() -> SessionBytes.read(bytes))
        .isInstanceOf(IOException.class)
        .hasMessage("version 99 of a session, expected 1 to 5");
  }

  @Test
  void readsASessionFromBeforeWillsWereRememberedOnTheirWay() throws Exception {
    byte[] bytes = SessionBytes.write(bare("sens1"), 1_000);
    byte[] before = Arrays.copyOf(bytes, bytes.length - 1);
    before[0] = 3;

    assertThat(SessionBytes.read(before).session()).isEqualTo(bare("sens1"));
  }

  @Test
  void takesPublishesForAwaitedInASessionFromBeforeThatWasTold() throws Exception {
    SessionRecord session =
        TestSessionRecord.of(bare("sens1"))
            .withExchanges(List.of(full("sens1").exchanges().get(1)))
            .build();
    byte[] bytes = SessionBytes.write(session, 1_000);
    String phase = ExchangePhase.RECEIVED.name();
    int told = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(phase) + phase.length();
    byte[] before = Arrays.copyOf(bytes, bytes.length - 2);
    System.arraycopy(bytes, told + 2, before, told, before.length - told);
    before[0] = 4;

    assertThat(SessionBytes.read(before).session()).isEqualTo(session);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8, 13})
  void takesCutOctetsForNoSession(int denominator) {
    byte[] bytes = SessionBytes.write(full("sens1"), 1_000);
    byte[] cut = Arrays.copyOf(bytes, bytes.length - bytes.length / (denominator + 1) - 1);

    assertThatThrownBy(() -> SessionBytes.read(cut)).isInstanceOf(IOException.class);
  }

  @Test
  void leavesAFileAloneThatSomebodyElseHasOpen() throws Exception {
    try (SessionStore first = open()) {
      first.save(bare("sens1"));
      synced(first);

      assertThatThrownBy(this::open)
          .isInstanceOf(IOException.class)
          .hasMessageEndingWith("sessions is in use by another process");

      assertThat(folder.resolve("sessions")).exists();
      assertThat(first.saved()).hasSize(1);
    }
  }

  @Test
  void saysInOneLineThatTheFileCannotBe() {
    Path nowhere = folder.resolve("nowhere/sessions");

    assertThatThrownBy(() -> SessionStore.open(nowhere, Runnable::run))
        .isInstanceOf(IOException.class)
        .hasMessage("sessions.file " + nowhere + ": its folder does not exist");
    assertThatThrownBy(() -> SessionStore.open(folder, Runnable::run))
        .isInstanceOf(IOException.class)
        .hasMessage("sessions.file " + folder + " is a folder, expected a file");
  }

  private SessionStore open() throws IOException {
    return SessionStore.open(folder.resolve("sessions"), Runnable::run);
  }

  private static void synced(SessionStore store) throws Exception {
    CompletableFuture<Void> synced = new CompletableFuture<>();
    store.afterSync(() -> synced.complete(null));
    synced.get(10, TimeUnit.SECONDS);
  }

  private static InetAddress ip(byte... octets) {
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static SessionRecord bare(String clientId) {
    return TestSessionRecord.bare(clientId)
        .withAddress(new ClientAddress(0, new InetSocketAddress(ip(new byte[16]), 2_000), null))
        .withSilentNanos(5)
        .build();
  }

  private static SessionRecord full(String clientId) {
    SessionRecord full =
        full(
            clientId,
            List.of(4, 5),
            new SessionRecord.Message("a/b", Octets.EMPTY, Qos.TWO, true, 0, 77),
            new Will("will/topic", Octets.utf8("gone before"), Qos.TWO, false));
    SessionRecord.Exchange awaited = full.exchanges().get(0);
    SessionRecord.Exchange abandoned =
        new SessionRecord.Exchange(
            awaited.publish(), "a/ü", 76, ExchangePhase.PUBLISHED, false, true);
    return TestSessionRecord.of(full).withExchanges(List.of(abandoned, awaited)).build();
  }

  private static SessionRecord full(
      String clientId,
      List<Integer> completed,
      SessionRecord.Message waiting,
      @Nullable Will leavingWill) {
    Publish fromClient =
        new Publish(false, Qos.TWO, true, new NormalId(1), 7, Octets.utf8("payload"));
    Publish toClient =
        new Publish(true, Qos.ONE, false, new PredefinedId(9), 3, Octets.utf8("down"));
    return TestSessionRecord.bare(clientId)
        .withAddress(
            new ClientAddress(
                1,
                new InetSocketAddress(ip((byte) 192, (byte) 0, (byte) 2, (byte) 7), 40_000),
                Octets.of((byte) 7)))
        .withState(State.ASLEEP)
        .withCleanSession(false)
        .withSleepSeconds(3_600)
        .withSilentNanos(123_456_789)
        .withWill(new Will("will/topic", Octets.utf8("gone"), Qos.ONE, true))
        .withTopics(new TopicTable.Snapshot(4, List.of(new TopicTable.Topic(4, "a/ü", true))))
        .withSubscriptions(
            List.of(
                new SessionRecord.Subscription(new Named("a/+"), "a/+", Qos.ONE),
                new SessionRecord.Subscription(new PredefinedId(9), "plant/x", Qos.TWO),
                new SessionRecord.Subscription(new ShortName("t1"), "t1", Qos.ZERO)))
        .withExchanges(
            List.of(
                new SessionRecord.Exchange(
                    fromClient, "a/ü", 77, ExchangePhase.RECEIVED, true, false)))
        .withCompleted(completed)
        .withOutstanding(
            new SessionRecord.Outstanding(
                new SessionRecord.Message("plant/x", Octets.utf8("down"), Qos.ONE, false, 5, 0),
                toClient))
        .withWaiting(List.of(waiting))
        .withReceived(Set.of(12, 13))
        .withLastMsgId(3)
        .withLastPacketIdentifier(77)
        .withLeavingWill(leavingWill)
        .build();
  }
}
