package mqttsn.forwarder.serial;

import java.util.Arrays;
import java.util.function.Consumer;
import mqttsn.codec.Octets;

/**
 * Frames out of the octets of a line. Whatever noise there is costs the frames that it hits and no
 * other; empty frames are none. Of one thread.
 */
final class SlipReader {

  private final byte[] frame;
  private final Consumer<Octets> frames;
  private final Runnable broken;
  private int size;
  private boolean isEscaped;
  private boolean isBroken;

  /**
   * A reader at the beginning of a frame.
   *
   * @param maxOctets the longest frame; a longer one is broken
   * @param broken is told of each frame that is too long or has an escape that stands for nothing
   */
  SlipReader(int maxOctets, Consumer<Octets> frames, Runnable broken) {
    this.frame = new byte[maxOctets];
    this.frames = frames;
    this.broken = broken;
  }

  /** Takes the first octets of an array. */
  void read(byte[] octets, int count) {
    for (int i = 0; i < count; i++) {
      read(octets[i] & 0xFF);
    }
  }

  private void read(int octet) {
    if (octet == Slip.END) {
      end();
    } else if (isEscaped) {
      isEscaped = false;
      switch (octet) {
        case Slip.ESC_END -> append(Slip.END);
        case Slip.ESC_ESC -> append(Slip.ESC);
        default -> isBroken = true;
      }
    } else if (octet == Slip.ESC) {
      isEscaped = true;
    } else {
      append(octet);
    }
  }

  private void append(int octet) {
    if (size == frame.length) {
      isBroken = true;
    } else {
      frame[size++] = (byte) octet;
    }
  }

  private void end() {
    if (isBroken || isEscaped) {
      broken.run();
    } else if (size > 0) {
      frames.accept(Octets.of(Arrays.copyOf(frame, size)));
    }
    reset();
  }

  /** Forgets a frame that has begun; the line was cut. */
  void reset() {
    size = 0;
    isEscaped = false;
    isBroken = false;
  }
}
