package mqttsn.forwarder.serial;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import mqttsn.codec.Octets;
import mqttsn.forwarder.config.Serial;
import mqttsn.forwarder.core.Node;
import mqttsn.forwarder.net.SerialSide;
import mqttsn.forwarder.serial.SerialPorts.OpenPort;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * A serial line with nodes on it. One thread opens the port and reads, another one writes out of a
 * bounded queue. A port that is not there or gets lost is opened again, at growing intervals up to
 * {@link #LAST_BACK_OFF}; what is sent meanwhile is lost, as on any radio.
 */
public final class SerialLine implements SerialSide {

  static final Duration FIRST_BACK_OFF = Duration.ofMillis(250);
  static final Duration LAST_BACK_OFF = Duration.ofSeconds(10);

  /** Frames that may wait for the line; at 115200 bits a second a short one takes 2 ms. */
  private static final int MAX_WAITING_FRAMES = 256;

  private static final int READ_OCTETS = 4_096;
  private static final Duration JOIN_LIMIT = Duration.ofSeconds(3);

  private final String name;
  private final SerialPorts ports;
  private final Prefix prefix;
  private final int maxFrameOctets;
  private final ArrayBlockingQueue<Octets> waiting = new ArrayBlockingQueue<>(MAX_WAITING_FRAMES);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicLong brokenFrames = new AtomicLong();
  private final AtomicLong openings = new AtomicLong();
  private final Thread reader = new Thread(this::keepReading, "serial-read");
  private final Thread writer = new Thread(this::keepWriting, "serial-write");
  private volatile @Nullable OpenPort open;
  private volatile @Nullable Receiver receiver;

  /**
   * The line that a configuration describes, not open yet.
   *
   * @param maxDatagram longest datagram, in octets; a frame may have the prefix besides
   */
  public SerialLine(Serial settings, int maxDatagram) {
    this(settings, maxDatagram, new JSerialCommPorts(settings));
  }

  SerialLine(Serial settings, int maxDatagram, SerialPorts ports) {
    this.name = settings.port();
    this.ports = ports;
    this.prefix = new Prefix(settings.nodeIdOctets());
    this.maxFrameOctets = maxDatagram + settings.nodeIdOctets();
  }

  @Override
  public void open(Receiver receiver) {
    this.receiver = receiver;
    reader.start();
    writer.start();
  }

  @Override
  public boolean send(Node.Serial node, Octets datagram) {
    // A node id of another configuration may have a prefix of another length.
    return node.prefix().size() == prefix.octets() && waiting.offer(prefix.frame(node, datagram));
  }

  @Override
  public boolean broadcast(Octets datagram) {
    return waiting.offer(prefix.broadcast(datagram));
  }

  /** Whether the port is open now. */
  public boolean isOpen() {
    return open != null;
  }

  /** Frames that were too long, too short for the prefix, or badly escaped. */
  public long brokenFrames() {
    return brokenFrames.get();
  }

  /** How often the port was opened. */
  public long openings() {
    return openings.get();
  }

  @Override
  public void close() {
    closed.countDown();
    writer.interrupt();
    try {
      reader.join(JOIN_LIMIT.toMillis());
      writer.join(JOIN_LIMIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void keepReading() {
    Duration backOff = FIRST_BACK_OFF;
    boolean isLost = false;
    while (closed.getCount() > 0) {
      try (OpenPort port = ports.open()) {
        opened(port);
        backOff = FIRST_BACK_OFF;
        isLost = false;
        read(port);
      } catch (IOException e) {
        if (!isLost) {
          Logger.warn("serial line {}: {}; waiting for it to come back", name, e.getMessage());
        }
        isLost = true;
      } finally {
        open = null;
      }
      waitForClose(backOff);
      backOff = next(backOff);
    }
  }

  private void opened(OpenPort port) {
    waiting.clear();
    open = port;
    openings.incrementAndGet();
    Logger.info("serial line {} is open", name);
  }

  private void read(OpenPort port) throws IOException {
    SlipReader frames =
        new SlipReader(maxFrameOctets, this::received, brokenFrames::incrementAndGet);
    byte[] octets = new byte[READ_OCTETS];
    while (closed.getCount() > 0) {
      frames.read(octets, port.read(octets));
    }
  }

  private void received(Octets frame) {
    Node.Serial node = prefix.node(frame);
    Receiver receiver = this.receiver;
    if (node == null || receiver == null) {
      brokenFrames.incrementAndGet();
    } else {
      receiver.datagram(node, prefix.datagram(frame));
    }
  }

  private void keepWriting() {
    try {
      while (closed.getCount() > 0) {
        Octets frame = waiting.take();
        OpenPort port = open;
        if (port != null) {
          write(port, frame);
        }
      }
    } catch (InterruptedException e) {
      // Closed: nobody else interrupts this thread.
    }
  }

  private void write(OpenPort port, Octets frame) {
    try {
      port.write(Slip.encode(frame));
    } catch (IOException e) {
      // The reader notices too, and opens the port again.
      Logger.debug("serial line {}: {}", name, e.getMessage());
    }
  }

  private void waitForClose(Duration atMost) {
    try {
      boolean unused = closed.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration next(Duration backOff) {
    Duration doubled = backOff.multipliedBy(2);
    return doubled.compareTo(LAST_BACK_OFF) < 0 ? doubled : LAST_BACK_OFF;
  }
}
