package mqttsn.gateway.broker;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CorruptedFrameException;
import org.jspecify.annotations.Nullable;

/**
 * Lets MQTT packets pass to the decoder, except for what the decoder cannot take, and for plain
 * PUBACKs, which it need not.
 *
 * <p>A PUBLISH beyond our maximum packet size is skipped while it streams in, without being kept:
 * an MQTT 3.1.1 broker knows no such limit, and would send it again after each reconnection until
 * it is acknowledged. A CONNACK in the layout of MQTT 3.1.1 that answers a CONNECT of MQTT 5 would
 * let the decoder wait for properties that never come.
 */
final class FrameGuard extends ChannelInboundHandlerAdapter {

  /** What the guard kept from the decoder. */
  interface Observer extends PlainPubAcks.Listener {

    /** A read is over. */
    void readComplete();

    /** A PUBLISH was too large; {@code packetIdentifier} is 0 with QoS 0. */
    void skipped(int qos, int packetIdentifier);

    /** The broker answers MQTT 5 in the words of MQTT 3.1.1: it does not speak 5. */
    void speaksOnlyVersion311();
  }

  private static final int CONNACK = 2;
  private static final int PUBLISH = 3;
  private static final int CONNACK_LENGTH_311 = 2;

  /** First octet and at most four octets of remaining length. */
  private static final int MAX_HEADER_BYTES = 5;

  private final int maxPacketBytes;
  private final boolean expectsVersion5;
  private final Observer observer;

  /** Octets of the current packet that are still to pass. */
  private int passing;

  private @Nullable OversizePublish oversize;

  /** Whether the decoder was given anything in this read. */
  private boolean hasPassed;

  /** The octets of a fixed header that another read completes. */
  private @Nullable ByteBuf incomplete;

  FrameGuard(int maxPacketBytes, boolean expectsVersion5, Observer observer) {
    this.maxPacketBytes = maxPacketBytes;
    this.expectsVersion5 = expectsVersion5;
    this.observer = observer;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = joined(context, (ByteBuf) message);
    if (passing == 0 && oversize == null && PlainPubAcks.areAll(in, expectsVersion5)) {
      readPubAcks(in);
      return;
    }
    int passable = oversize == null ? wholeOrPassing(in) : 0;
    if (passable == in.readableBytes()) {
      hasPassed = true;
      context.fireChannelRead(in);
      return;
    }
    try {
      pass(context, in, passable);
      while (in.isReadable()) {
        if (oversize != null) {
          skip(oversize, in);
        } else {
          pass(context, in, wholeOrPassing(in));
        }
      }
    } finally {
      in.release();
    }
  }

  /** Where nothing passed, the handlers behind need not hear of it. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (hasPassed) {
      hasPassed = false;
      context.fireChannelReadComplete();
    } else {
      observer.readComplete();
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (incomplete != null) {
      incomplete.release();
      incomplete = null;
    }
  }

  private void readPubAcks(ByteBuf in) {
    try {
      PlainPubAcks.read(in, observer);
    } finally {
      in.release();
    }
  }

  /** Passes whole packets and parts of one; what follows is oversize, or an incomplete header. */
  private void pass(ChannelHandlerContext context, ByteBuf in, int octets) {
    if (octets > 0) {
      hasPassed = true;
      context.fireChannelRead(in.readRetainedSlice(octets));
    }
    if (in.isReadable() && oversize == null) {
      incomplete = in.readBytes(in.readableBytes());
    }
  }

  private ByteBuf joined(ChannelHandlerContext context, ByteBuf in) {
    ByteBuf begin = incomplete;
    if (begin == null) {
      return in;
    }
    incomplete = null;
    ByteBuf both = context.alloc().buffer(begin.readableBytes() + in.readableBytes());
    both.writeBytes(begin).writeBytes(in);
    begin.release();
    in.release();
    return both;
  }

  /**
   * How many octets may pass now: up to an oversize PUBLISH, an incomplete fixed header, or the
   * end.
   */
  private int wholeOrPassing(ByteBuf in) {
    int at = in.readerIndex();
    int end = in.writerIndex();
    while (at < end) {
      if (passing > 0) {
        int octets = Math.min(passing, end - at);
        passing -= octets;
        at += octets;
        continue;
      }
      int headerEnd = headerEnd(in, at);
      if (headerEnd < 0) {
        break;
      }
      long packetBytes = headerEnd - at + (long) remainingLength(in, at + 1, headerEnd);
      int type = (in.getByte(at) >> 4) & 0x0F;
      if (packetBytes > maxPacketBytes && type == PUBLISH) {
        oversize = new OversizePublish(in.getByte(at), headerEnd - at, packetBytes);
        break;
      }
      if (expectsVersion5
          && type == CONNACK
          && packetBytes - (headerEnd - at) == CONNACK_LENGTH_311) {
        observer.speaksOnlyVersion311();
      }
      passing = (int) packetBytes;
    }
    return at - in.readerIndex();
  }

  /** Where the fixed header ends, or -1 if octets of it are missing. */
  private static int headerEnd(ByteBuf in, int at) {
    for (int i = at + 1; i < in.writerIndex(); i++) {
      if (in.getByte(i) >= 0) {
        return i + 1;
      }
      if (i - at == MAX_HEADER_BYTES - 1) {
        throw new CorruptedFrameException("a remaining length of five octets");
      }
    }
    return -1;
  }

  private static int remainingLength(ByteBuf in, int begin, int end) {
    int length = 0;
    for (int i = end - 1; i >= begin; i--) {
      length = (length << 7) | (in.getByte(i) & 0x7F);
    }
    return length;
  }

  private void skip(OversizePublish publish, ByteBuf in) {
    publish.skip(in);
    if (publish.isOver()) {
      oversize = null;
      observer.skipped(publish.qos, publish.packetIdentifier);
    }
  }

  /** What is left of a PUBLISH that is skipped. */
  private static final class OversizePublish {
    private final int qos;
    private final int headerBytes;
    private final long packetBytes;
    private long position;
    private int topicBytes;
    private int packetIdentifier;

    OversizePublish(byte first, int headerBytes, long packetBytes) {
      this.qos = (first >> 1) & 0x03;
      this.headerBytes = headerBytes;
      this.packetBytes = packetBytes;
    }

    boolean isOver() {
      return position == packetBytes;
    }

    void skip(ByteBuf in) {
      while (in.isReadable() && !isOver()) {
        long afterTopic = headerBytes + 2L + topicBytes;
        boolean isInTopic = position >= headerBytes + 2L && position < afterTopic;
        boolean isInRest = position >= (qos == 0 ? afterTopic : afterTopic + 2);
        if (position < headerBytes) {
          skip(in, headerBytes - position);
        } else if (isInTopic) {
          skip(in, afterTopic - position);
        } else if (isInRest) {
          skip(in, packetBytes - position);
        } else {
          readOctet(in.readUnsignedByte());
        }
      }
      if (isOver() && isIncomplete()) {
        throw new CorruptedFrameException("a PUBLISH without topic name or packet identifier");
      }
    }

    private boolean isIncomplete() {
      return position < headerBytes + 2L + topicBytes || (qos > 0 && packetIdentifier == 0);
    }

    /** Length of the topic name, or packet identifier. */
    private void readOctet(int octet) {
      if (position < headerBytes + 2L) {
        topicBytes = (topicBytes << 8) | octet;
      } else {
        packetIdentifier = (packetIdentifier << 8) | octet;
      }
      position++;
    }

    private void skip(ByteBuf in, long octets) {
      int now = (int) Math.min(octets, Math.min(packetBytes - position, in.readableBytes()));
      in.skipBytes(now);
      position += now;
    }
  }
}
