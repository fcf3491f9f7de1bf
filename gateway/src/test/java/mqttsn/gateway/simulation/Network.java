package mqttsn.gateway.simulation;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import mqttsn.codec.Encapsulation;
import mqttsn.codec.Encoder;
import mqttsn.codec.Message;
import mqttsn.codec.Octets;
import org.jspecify.annotations.Nullable;

/** Datagrams on their way: lost, doubled, overtaken, late. They travel as octets. */
final class Network {

  /** No datagram is under way for longer. */
  static final long MAX_DELAY_NANOS = 4 * Timeline.SECOND;

  private final Timeline timeline;
  private final Dice dice;
  private double lossProbability;
  private double doublingProbability;
  private double lateProbability;

  Network(Timeline timeline, Dice dice) {
    this.timeline = timeline;
    this.dice = dice;
  }

  /** How bad it is, from 0 (nothing happens) to 1. */
  void badness(double badness) {
    lossProbability = 0.2 * badness;
    doublingProbability = 0.1 * badness;
    lateProbability = 0.1 * badness;
  }

  /** Sends octets; they arrive once, twice or never. */
  void send(Octets datagram, Consumer<ByteBuf> to) {
    if (dice.chance(lossProbability)) {
      return;
    }
    deliver(datagram, to);
    if (dice.chance(doublingProbability)) {
      deliver(datagram, to);
    }
  }

  private void deliver(Octets datagram, Consumer<ByteBuf> to) {
    long delay =
        dice.chance(lateProbability)
            ? dice.nanos(0, MAX_DELAY_NANOS)
            : dice.nanos(2 * Timeline.MILLISECOND, 60 * Timeline.MILLISECOND);
    timeline.after(delay, () -> to.accept(Unpooled.wrappedBuffer(datagram.toByteArray())));
  }

  /** A message as octets, behind a forwarder with its envelope. */
  static Octets encode(Message message, @Nullable Octets nodeId) {
    ByteBuf buffer = Unpooled.buffer(64);
    if (nodeId == null) {
      Encoder.encode(message, buffer);
    } else {
      Encoder.encode(new Encapsulation(0, nodeId), message, buffer);
    }
    return Octets.copyOf(buffer, 0, buffer.readableBytes());
  }
}
