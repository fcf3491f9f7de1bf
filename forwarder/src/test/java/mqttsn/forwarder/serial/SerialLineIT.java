package mqttsn.forwarder.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mqttsn.codec.Octets;
import mqttsn.forwarder.config.Serial;
import mqttsn.forwarder.core.Node;
import mqttsn.forwarder.serial.SerialPorts.OpenPort;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A serial line over ports that this test pulls and puts back. */
class SerialLineIT {

  private static final Node.Serial ALONE = new Node.Serial(Octets.EMPTY);

  private final FakePorts ports = new FakePorts();
  private final List<String> received = new CopyOnWriteArrayList<>();
  private final List<SerialLine> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(SerialLine::close);
  }

  @Test
  void carriesFramesBothWays() {
    SerialLine line = line(0);
    ports.arrive("C00216C0");
    assertThat(line.send(ALONE, Octets.hex("0217"))).isTrue();
    await().untilAsserted(() -> assertThat(received).containsExactly(": 0216"));
    await().untilAsserted(() -> assertThat(ports.written()).isEqualTo("C00217C0"));
  }

  @Test
  void takesTheNodeIdFromTheFrameAndPutsItBack() {
    SerialLine line = line(2);
    ports.arrive("C0ABCD0216C0");
    line.send(new Node.Serial(Octets.hex("ABCD")), Octets.hex("0217"));
    line.broadcast(Octets.hex("030201"));
    await().untilAsserted(() -> assertThat(received).containsExactly("ABCD: 0216"));
    await()
        .untilAsserted(() -> assertThat(ports.written()).isEqualTo("C0ABCD0217C0C0FFFF030201C0"));
  }

  @Test
  void sendsNothingToAnIdOfAnotherLength() {
    SerialLine line = line(2);
    assertThat(line.send(ALONE, Octets.hex("0217"))).isFalse();
  }

  @Test
  void countsFramesThatAreBroken() {
    SerialLine line = line(2);
    ports.arrive("C0ABC0" + "C0DB00C0" + "C0ABCD0216C0");
    await().untilAsserted(() -> assertThat(received).containsExactly("ABCD: 0216"));
    assertThat(line.brokenFrames()).isEqualTo(2);
  }

  @Test
  void opensThePortAgainWhenTheCableIsBack() {
    SerialLine line = line(0);
    ports.arrive("C002");
    await().until(ports::isRead);
    ports.pull();
    await().until(() -> !line.isOpen());
    int attempts = ports.attempts();
    await().until(() -> ports.attempts() > attempts);

    ports.putBack();
    await().until(line::isOpen);
    // What was cut by the pull is no beginning of what comes now.
    ports.arrive("0216C0");
    await().untilAsserted(() -> assertThat(received).containsExactly(": 0216"));
    assertThat(line.openings()).isEqualTo(2);
  }

  @Test
  void waitsForAPortThatIsNotThereYet() {
    ports.pull();
    SerialLine line = line(0);
    await().until(() -> ports.attempts() > 0);
    assertThat(line.isOpen()).isFalse();
    ports.putBack();
    await().until(line::isOpen);
  }

  @Test
  void refusesFramesWhenTooManyWait() {
    ports.block();
    SerialLine line = line(0);
    await().until(line::isOpen);
    int taken = 0;
    while (line.send(ALONE, Octets.hex("0217")) && taken < 1_000) {
      taken++;
    }
    assertThat(taken).isBetween(256, 257);
  }

  private SerialLine line(int nodeIdOctets) {
    SerialLine line = new SerialLine(new Serial("fake", 9_600, nodeIdOctets), 64, ports);
    open.add(line);
    line.open((node, datagram) -> received.add(node.prefix() + ": " + datagram));
    if (ports.isThere()) {
      await().until(line::isOpen);
    }
    return line;
  }

  /** A port whose other end is in the hands of the test. */
  private static final class FakePorts implements SerialPorts {

    private static final long READ_MILLIS = 20;

    private final BlockingQueue<byte[]> arriving = new LinkedBlockingQueue<>();
    private final List<String> written = new CopyOnWriteArrayList<>();
    private final AtomicInteger attempts = new AtomicInteger();
    private volatile boolean isPulled;
    private volatile CountDownLatch free = new CountDownLatch(0);

    void arrive(String hex) {
      arriving.add(HexFormat.of().parseHex(hex));
    }

    void pull() {
      isPulled = true;
    }

    void putBack() {
      isPulled = false;
    }

    void block() {
      free = new CountDownLatch(1);
    }

    boolean isRead() {
      return arriving.isEmpty();
    }

    boolean isThere() {
      return !isPulled;
    }

    String written() {
      return String.join("", written);
    }

    int attempts() {
      return attempts.get();
    }

    @Override
    public OpenPort open() throws IOException {
      attempts.incrementAndGet();
      failIfPulled();
      return new FakePort();
    }

    private void failIfPulled() throws IOException {
      if (isPulled) {
        throw new IOException("pulled");
      }
    }

    private final class FakePort implements OpenPort {

      @Override
      public int read(byte[] into) throws IOException {
        failIfPulled();
        try {
          byte[] octets = arriving.poll(READ_MILLIS, TimeUnit.MILLISECONDS);
          if (octets == null) {
            return 0;
          }
          System.arraycopy(octets, 0, into, 0, octets.length);
          return octets.length;
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }

      @Override
      public void write(byte[] octets) throws IOException {
        failIfPulled();
        try {
          free.await();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
        written.add(HexFormat.of().withUpperCase().formatHex(octets));
      }

      @Override
      public void close() {}
    }
  }
}
