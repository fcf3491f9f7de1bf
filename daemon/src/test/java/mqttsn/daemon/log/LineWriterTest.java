package mqttsn.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.tinylog.Level;

class LineWriterTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A standard error that blocks until the test lets it go on. */
  private static final class Gate extends OutputStream {
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch open = new CountDownLatch(1);
    final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @Override
    public void write(int octet) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void write(byte[] octets) throws IOException {
      reached.countDown();
      try {
        open.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      written.write(octets);
    }

    String text() {
      return written.toString(StandardCharsets.UTF_8);
    }
  }

  private static LogLine line(String message) {
    return new LogLine(Level.INFO, 0, message, null);
  }

  @Test
  void writesLinesInOrder() {
    Gate gate = new Gate();
    gate.open.countDown();
    LineWriter writer = new LineWriter(gate, LineFormat.JOURNAL, 8);

    writer.write(line("one"));
    writer.write(line("two"));

    assertThat(writer.flush(PATIENCE)).isTrue();
    assertThat(gate.text()).isEqualTo("<6>one\n<6>two\n");
  }

  @Test
  void dropsAndCountsWhatABlockedOutputCannotTake() throws InterruptedException {
    Gate gate = new Gate();
    LineWriter writer = new LineWriter(gate, LineFormat.JOURNAL, 4);
    writer.write(line("stuck"));
    gate.reached.await();

    for (int i = 0; i < 7; i++) {
      writer.write(line("line " + i));
    }

    assertThat(writer.droppedLines()).isEqualTo(3);
    assertThat(writer.flush(Duration.ZERO)).isFalse();
    gate.open.countDown();
    assertThat(writer.flush(PATIENCE)).isTrue();
    assertThat(gate.text())
        .isEqualTo(
            """
            <6>stuck
            <6>line 0
            <6>line 1
            <6>line 2
            <6>line 3
            <4>3 log lines were dropped: standard error takes no more
            """);
  }

  @Test
  void countsWhatAClosedOutputDidNotTake() {
    LineWriter writer =
        new LineWriter(
            new OutputStream() {
              @Override
              public void write(int octet) throws IOException {
                throw new IOException("Broken pipe");
              }
            },
            LineFormat.JOURNAL,
            4);

    writer.write(line("lost"));

    assertThat(writer.flush(PATIENCE)).isTrue();
    assertThat(writer.droppedLines()).isEqualTo(1);
  }

  /** As on a disk that is full for a while. */
  private static final class Disk extends ByteArrayOutputStream {
    volatile boolean full = true;

    @Override
    public void write(byte[] octets) throws IOException {
      if (full) {
        throw new IOException("No space left on device");
      }
      super.write(octets);
    }
  }

  @Test
  void saysHowManyLinesFoundNoRoomOnceThereIsRoomAgain() {
    Disk disk = new Disk();
    LineWriter writer = new LineWriter(disk, LineFormat.JOURNAL, 4);
    for (int i = 0; i < 3; i++) {
      writer.write(line("lost " + i));
      assertThat(writer.flush(PATIENCE)).isTrue();
    }

    disk.full = false;
    writer.write(line("there"));

    assertThat(writer.flush(PATIENCE)).isTrue();
    assertThat(disk.toString(StandardCharsets.UTF_8))
        .isEqualTo("<6>there\n<4>3 log lines were dropped: standard error takes no more\n");
  }
}
