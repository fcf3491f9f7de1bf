package mqttsn.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.gateway.session.QueueEvent;
import mqttsn.gateway.session.QueueEvent.Fetched;
import mqttsn.gateway.session.QueueEvent.Missing;
import mqttsn.gateway.session.QueueEvent.NotStored;
import mqttsn.gateway.session.QueueEvent.Released;
import mqttsn.gateway.session.QueueEvent.Stored;
import mqttsn.gateway.session.QueuedMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueueStoreTest {

  private static final QueuedMessage FULL =
      new QueuedMessage(
          7, "pump-ü", 1_700_000_000_000_000L, "site/ü/t", Octets.utf8("21.5"), Qos.TWO, true, 33);
  private static final QueuedMessage BARE =
      new QueuedMessage(8, "", 0, "a", Octets.EMPTY, Qos.ZERO, false, 0);

  @TempDir Path folder;

  private final BlockingQueue<QueueEvent> told = new LinkedBlockingQueue<>();

  @Test
  void tellsWhatIsStoredAndReadsItBack() throws Exception {
    try (QueueStore store = open()) {
      store.enqueue(FULL);
      store.enqueue(BARE);
      store.fetch(List.of(99L));
      assertThat(told(3)).containsExactlyInAnyOrder(new Stored(7), new Stored(8), new Missing(99));
      store.fetch(List.of(8L, 7L));
      assertThat(told(2)).containsExactly(new Fetched(BARE), new Fetched(FULL));
    }

    try (QueueStore store = open()) {
      assertThat(store.summaries())
          .usingRecursiveFieldByFieldElementComparatorIgnoringFields("ageMillis")
          .containsExactly(
              new QueuedMessage.Summary(7, "pump-ü", Qos.TWO, FULL.bytes(), 33, false, 0),
              new QueuedMessage.Summary(8, "", Qos.ZERO, BARE.bytes(), 0, false, 0));
      store.fetch(List.of(7L));
      assertThat(told(1)).containsExactly(new Fetched(FULL));
    }
  }

  @Test
  void answersInOrder() throws Exception {
    try (QueueStore store = open()) {
      LongStream.rangeClosed(1, 500).forEach(number -> store.enqueue(message(number, 100)));
      assertThat(told(500))
          .containsExactlyElementsOf(
              LongStream.rangeClosed(1, 500).<QueueEvent>mapToObj(Stored::new).toList());
    }
  }

  @Test
  void keepsThatAMessageIsReleased() throws Exception {
    try (QueueStore store = open()) {
      store.enqueue(FULL);
      store.release(7);
      assertThat(told(2)).containsExactly(new Stored(7), new Released(7));
    }
    try (QueueStore store = open()) {
      assertThat(store.summaries())
          .extracting(QueuedMessage.Summary::released)
          .containsExactly(true);
      store.fetch(List.of(7L));
      assertThat(told(1)).containsExactly(new Fetched(FULL));
    }
  }

  @Test
  void forgetsWhatIsTakenOut() throws Exception {
    try (QueueStore store = open()) {
      LongStream.rangeClosed(1, 10).forEach(number -> store.enqueue(message(number, 10)));
      told(10);
      LongStream.rangeClosed(1, 9).forEach(store::dequeue);
    }
    try (QueueStore store = open()) {
      assertThat(store.summaries()).extracting(QueuedMessage.Summary::number).containsExactly(10L);
    }
  }

  @Test
  void knowsTheLastNumberOfAnEmptyQueue() throws Exception {
    try (QueueStore store = open()) {
      assertThat(store.lastNumber()).isZero();
      store.enqueue(FULL);
      store.enqueue(BARE);
      told(2);
      store.dequeue(7);
      store.dequeue(8);
    }
    try (QueueStore store = open()) {
      assertThat(store.summaries()).isEmpty();
      assertThat(store.lastNumber()).isEqualTo(8);
    }
  }

  @Test
  void knowsTheLastNumberOfWhatItRefused() throws Exception {
    try (QueueStore store = open()) {
      store.enqueue(message(41, 9 << 20));
      assertThat(told(1)).containsExactly(new NotStored(41));
    }
    try (QueueStore store = open()) {
      assertThat(store.lastNumber()).isEqualTo(41);
    }
  }

  @Test
  void hasNoNegativeAgeWhenTheClockWasSetBack() throws Exception {
    long tomorrow = System.currentTimeMillis() + TimeUnit.DAYS.toMillis(1);
    try (StoreFile file = StoreFile.open(folder.resolve(QueueStore.FILE), QueueStore.LAYOUT)) {
      file.write(
          maps -> maps.numbered(QueueStore.SUMMARIES).put(8L, QueueBytes.summary(BARE, tomorrow)));
    }
    try (QueueStore store = open()) {
      assertThat(store.summaries())
          .extracting(QueuedMessage.Summary::ageMillis)
          .containsExactly(0L);
    }
  }

  @Test
  void passesOverWhatIsDamaged() throws Exception {
    byte[] damagedSummary = QueueBytes.summary(FULL, 1_000);
    damagedSummary[3] ^= 1;
    byte[] damagedMessage = QueueBytes.message(BARE);
    damagedMessage[3] ^= 1;
    try (StoreFile file = StoreFile.open(folder.resolve(QueueStore.FILE), QueueStore.LAYOUT)) {
      file.write(
          maps -> {
            maps.numbered(QueueStore.SUMMARIES).put(7L, damagedSummary);
            maps.numbered(QueueStore.MESSAGES).put(7L, QueueBytes.message(FULL));
            maps.numbered(QueueStore.SUMMARIES).put(8L, QueueBytes.summary(BARE, 1_000));
            maps.numbered(QueueStore.MESSAGES).put(8L, damagedMessage);
          });
    }
    try (QueueStore store = open()) {
      assertThat(store.summaries()).extracting(QueuedMessage.Summary::number).containsExactly(8L);
      store.fetch(List.of(8L));
      assertThat(told(1)).containsExactly(new Missing(8));
    }
  }

  @Test
  void readsManySummariesInTheirOrder() throws Exception {
    List<Long> numbers = LongStream.rangeClosed(1, 10_000).boxed().toList();
    try (QueueStore store = open()) {
      numbers.forEach(number -> store.enqueue(message(number, 1)));
      told(10_000);
    }
    try (QueueStore store = open()) {
      assertThat(store.summaries())
          .extracting(QueuedMessage.Summary::number)
          .containsExactlyElementsOf(numbers);
    }
  }

  @Test
  void staysSmallWhileMessagesComeAndGo() throws Exception {
    try (QueueStore store = open()) {
      long most = 0;
      for (long first = 1; first < 100_000; first += 500) {
        LongStream.range(first, first + 500).forEach(number -> store.enqueue(message(number, 200)));
        told(500);
        LongStream.range(first, first + 500).forEach(store::dequeue);
        most = Math.max(most, store.fileBytes());
      }
      // Twenty megabytes went through.
      assertThat(most).isLessThan(2_000_000);
    }
  }

  @Test
  void refusesWhatTheMemoryCannotHoldWhileTheDiskHangs() throws Exception {
    try (QueueStore store = open()) {
      int most = 9 << 20;
      store.enqueue(message(1, most));
      store.enqueue(message(2, 10));
      assertThat(told(2)).containsExactly(new NotStored(1), new Stored(2));
    }
  }

  @Test
  void saysInOneLineThatTheDirectoryCannotBeUsed() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> QueueStore.check(file))
        .isInstanceOf(IOException.class)
        .hasMessage("queue.directory " + file + " is a file, expected a folder");
    Path nowhere = folder.resolve("no/where");
    assertThatThrownBy(() -> QueueStore.check(nowhere))
        .isInstanceOf(IOException.class)
        .hasMessage("queue.directory " + nowhere + ": the folder above it does not exist");
    try (QueueStore first = open()) {
      assertThat(first.isWritable()).isTrue();
      assertThatThrownBy(this::open)
          .isInstanceOf(IOException.class)
          .hasMessage(
              "queue.directory " + folder.resolve("messages") + " is in use by another process");
    }
  }

  private QueueStore open() throws IOException {
    return QueueStore.open(folder, Runnable::run, told::addAll);
  }

  private List<QueueEvent> told(int count) throws InterruptedException {
    List<QueueEvent> events = new ArrayList<>();
    while (events.size() < count) {
      QueueEvent event = told.poll(30, TimeUnit.SECONDS);
      assertThat(event).as("after %s", events).isNotNull();
      events.add(event);
    }
    return events;
  }

  private static QueuedMessage message(long number, int bytes) {
    return new QueuedMessage(
        number, "client", number, "t", Octets.of(new byte[bytes]), Qos.ONE, false, 0);
  }
}
