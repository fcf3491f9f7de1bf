package mqttsn.gateway.broker.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The datagram channel that the QUIC codec sees: it never changes, while the socket behind it can
 * be exchanged.
 *
 * <p>The codec drops every datagram whose pair of addresses it does not know. So each datagram that
 * comes from the broker is handed up as if it had been sent to this channel's made-up local
 * address, whichever socket received it. A datagram from any other sender is dropped here and
 * counted.
 *
 * <p>Lives on one event loop and closes its sockets when it closes.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failures through the channel.
final class AnchorChannel extends AbstractChannel {

  /** What happens on the wire, in the event loop. */
  interface Observer {
    void sent(ByteBuf datagram);

    void sendFailed(Throwable cause);

    /** A datagram from the broker; {@code onCurrentSocket} is false on one that was exchanged. */
    void received(boolean onCurrentSocket);

    /** A datagram from somebody else, already dropped. */
    void stray();
  }

  private static final ChannelMetadata METADATA = new ChannelMetadata(false);

  private final ChannelConfig config = new DefaultChannelConfig(this);
  private final InetSocketAddress broker;
  private final InetSocketAddress madeUpLocal;
  private final Observer observer;
  private final ChannelFutureListener whenSent;

  private @Nullable Channel socket;
  private boolean open = true;

  AnchorChannel(InetSocketAddress broker, Observer observer) {
    super(null);
    this.broker = broker;
    this.observer = observer;
    this.madeUpLocal = new InetSocketAddress(anyAddressLike(broker.getAddress()), 1);
    this.whenSent =
        sent -> {
          if (!sent.isSuccess()) {
            observer.sendFailed(sent.cause());
          }
        };
    closeFuture().addListener(closed -> closeSocket());
  }

  /** Sends through {@code next} from now on, and answers the socket used before. */
  @Nullable Channel exchange(Channel next) {
    Channel before = socket;
    socket = next;
    unsafe().flush();
    return before;
  }

  @Nullable Channel socket() {
    return socket;
  }

  /** The current socket has room again. */
  void resume() {
    unsafe().flush();
  }

  /** Hands up a datagram that {@code from} received; takes over the reference to it. */
  void receive(Channel from, DatagramPacket packet) {
    if (!broker.equals(packet.sender())) {
      packet.release();
      observer.stray();
      return;
    }
    observer.received(from == socket);
    pipeline().fireChannelRead(new DatagramPacket(packet.content(), madeUpLocal, broker));
  }

  void receiveComplete() {
    pipeline().fireChannelReadComplete();
  }

  /** Sends octets past the codec. */
  void sendAgain(byte[] datagram) {
    Channel current = socket;
    if (current != null && current.isWritable()) {
      ByteBuf copy = alloc().directBuffer(datagram.length).writeBytes(datagram);
      current.write(new DatagramPacket(copy, broker)).addListener(whenSent);
    }
  }

  void flushSocket() {
    Channel current = socket;
    if (current != null) {
      current.flush();
    }
  }

  private void closeSocket() {
    Channel last = socket;
    if (last != null) {
      last.close();
    }
  }

  @Override
  protected void doWrite(ChannelOutboundBuffer queue) {
    Channel current = socket;
    // What does not fit stays queued here, so that the codec sees the back-pressure.
    while (current != null && current.isWritable()) {
      DatagramPacket packet = (DatagramPacket) queue.current();
      if (packet == null) {
        break;
      }
      // The codec marks the end of a connection with an empty datagram that is not meant to be
      // sent.
      if (packet.content().isReadable()) {
        observer.sent(packet.content());
        current.write(packet.retain()).addListener(whenSent);
      }
      queue.remove();
    }
    flushSocket();
  }

  @Override
  protected void doClose() {
    open = false;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public boolean isActive() {
    return open;
  }

  @Override
  public ChannelConfig config() {
    return config;
  }

  @Override
  public ChannelMetadata metadata() {
    return METADATA;
  }

  @Override
  protected AbstractUnsafe newUnsafe() {
    return new AbstractUnsafe() {
      @Override
      public void connect(SocketAddress to, SocketAddress from, ChannelPromise promise) {
        promise.setFailure(new UnsupportedOperationException("an anchor is never connected"));
      }
    };
  }

  @Override
  protected boolean isCompatible(EventLoop loop) {
    return true;
  }

  @Override
  protected SocketAddress localAddress0() {
    return madeUpLocal;
  }

  @Override
  protected @Nullable SocketAddress remoteAddress0() {
    return null;
  }

  @Override
  protected void doBind(SocketAddress localAddress) {
    throw new UnsupportedOperationException("an anchor is never bound");
  }

  @Override
  protected void doDisconnect() {
    doClose();
  }

  @Override
  protected void doBeginRead() {
    // The sockets read on their own.
  }

  private static InetAddress anyAddressLike(InetAddress address) {
    try {
      return InetAddress.getByAddress(new byte[address.getAddress().length]);
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
