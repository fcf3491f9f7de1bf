package mqttsn.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.gateway.session.QueueEvent;
import mqttsn.gateway.session.QueuedMessage;
import mqttsn.gateway.testing.SmallDisk;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The durable queue on a disk that is full: it refuses, keeps what it has, and goes on. */
@Tag("machine")
@Timeout(120)
class FullDiskIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  private final BlockingQueue<QueueEvent> told = new LinkedBlockingQueue<>();
  private final Set<Long> stored = new TreeSet<>();
  private long number;

  @Test
  void goesOnWhenThereIsRoomAgain() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(Files.createDirectory(folder.resolve("small")), 2_048)) {
      try (QueueStore store = open(disk)) {
        assertThat(enqueue(store)).isTrue();
        disk.fill();
        fillUp(store);
        assertThat(store.isWritable()).isFalse();
        disk.makeRoom();
        await().atMost(PATIENCE).until(() -> enqueue(store));
      }
      holdsWhatWasStored(disk);
    }
  }

  @Test
  void goesOnWhenTheQueueThatFilledTheDiskIsDrained() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(Files.createDirectory(folder.resolve("small")), 2_048)) {
      try (QueueStore store = open(disk)) {
        fillUp(store);
        stored.forEach(store::dequeue);
        stored.clear();
        await().atMost(PATIENCE).until(() -> enqueue(store));
      }
      holdsWhatWasStored(disk);
    }
  }

  private void holdsWhatWasStored(SmallDisk disk) throws Exception {
    try (QueueStore store = open(disk)) {
      assertThat(store.summaries())
          .extracting(QueuedMessage.Summary::number)
          .containsExactlyElementsOf(stored);
      assertThat(store.lastNumber()).isEqualTo(number);
    }
  }

  private void fillUp(QueueStore store) throws InterruptedException {
    while (enqueue(store)) {
      assertThat(number).isLessThan(100_000);
    }
  }

  /** Whether the disk took a message. */
  private boolean enqueue(QueueStore store) throws InterruptedException {
    number++;
    store.enqueue(
        new QueuedMessage(
            number, "client", number, "t", Octets.of(new byte[500]), Qos.ONE, false, 0));
    QueueEvent event = told.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    boolean isStored = new QueueEvent.Stored(number).equals(event);
    if (isStored) {
      stored.add(number);
    } else {
      assertThat(event).isEqualTo(new QueueEvent.NotStored(number));
    }
    return isStored;
  }

  private QueueStore open(SmallDisk disk) throws Exception {
    return QueueStore.open(disk.path("queue"), Runnable::run, told::addAll);
  }
}
