package mqttsn.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import mqttsn.codec.Encapsulation;
import mqttsn.codec.Encoder;
import mqttsn.codec.Message;
import mqttsn.codec.Octets;
import mqttsn.codec.ToClient;
import mqttsn.daemon.net.BindFailure;
import mqttsn.daemon.net.Group;
import mqttsn.daemon.net.Groups;
import mqttsn.daemon.net.InterfaceNames;
import mqttsn.daemon.net.Transport;
import mqttsn.daemon.net.UdpSocket;
import mqttsn.gateway.net.Counters.Traffic;
import mqttsn.gateway.session.ClientAddress;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * The sockets that clients speak to, and the discovery groups (§6.1). What goes to a group leaves
 * from a socket that clients speak to, because they take the source of ADVERTISE and GWINFO as the
 * gateway's address.
 */
public final class UdpShell implements ClientPort {

  /** The radius in Ctrl has two bits (§5.5). */
  private static final int MAX_CTRL_RADIUS = 3;

  private final List<UdpSocket> listeners;
  private final Groups groups;
  private final int maxHops;
  private final Counters counters;

  /**
   * What sockets are made with.
   *
   * @param maxDatagramBytes what is longer is cut when read, and thereby rejected
   * @param receiveBufferBytes asked of the kernel for each socket
   * @param maxHops TTL of what goes to a group with radius 0, 1 to 255
   */
  public record Options(int maxDatagramBytes, int receiveBufferBytes, int maxHops) {
    private UdpSocket.Options ofSockets() {
      return new UdpSocket.Options(maxDatagramBytes, receiveBufferBytes, false);
    }
  }

  /** Makes one socket of those that are listed in the configuration, or were inherited. */
  private interface Source<S> {
    UdpSocket open(S from) throws BindFailure;
  }

  private UdpShell(
      EventLoop loop,
      Transport transport,
      Options options,
      Counters counters,
      List<UdpSocket> listeners) {
    this.listeners = List.copyOf(listeners);
    this.groups = new Groups("discovery", loop, transport, options.ofSockets(), this.listeners);
    this.maxHops = options.maxHops();
    this.counters = counters;
  }

  /**
   * Binds the listen addresses. What arrives waits in the kernel until {@link Driver#begin}.
   * Blocks; not for the event loop.
   *
   * @param loop of an event loop group with {@link Transport#ioHandler}
   * @throws BindFailure if one of them cannot be bound; none is bound then
   */
  public static UdpShell bind(
      EventLoop loop,
      Transport transport,
      List<InetSocketAddress> addresses,
      Options options,
      Counters counters)
      throws BindFailure {
    List<UdpSocket> listeners =
        all(addresses, from -> UdpSocket.bind(loop, transport, from, options.ofSockets()));
    return new UdpShell(loop, transport, options, counters, listeners);
  }

  /**
   * As {@link #bind}, but takes sockets that a service manager has bound.
   *
   * @param descriptors their file descriptors
   */
  public static UdpShell adopt(
      EventLoop loop,
      Transport transport,
      List<Integer> descriptors,
      Options options,
      Counters counters)
      throws BindFailure {
    List<UdpSocket> listeners =
        all(descriptors, from -> UdpSocket.adopt(loop, transport, from, options.ofSockets()));
    return new UdpShell(loop, transport, options, counters, listeners);
  }

  private static <S> List<UdpSocket> all(List<S> from, Source<S> source) throws BindFailure {
    List<UdpSocket> listeners = new ArrayList<>();
    try {
      for (S each : from) {
        UdpSocket listener = source.open(each);
        listeners.add(listener);
        Logger.info(
            "listening on UDP {}, the kernel holds up to {} KiB for it",
            NetUtil.toSocketAddressString(listener.local()),
            listener.receiveBufferBytes() >> 10);
      }
    } catch (BindFailure e) {
      listeners.forEach(UdpSocket::close);
      throw e;
    }
    return listeners;
  }

  /** Joins the discovery groups, before {@link Driver#begin}. Blocks; not for the event loop. */
  public void join(Collection<Group> discovery, InterfaceNames interfaces) {
    groups.join(discovery, interfaces);
  }

  /** Where clients are heard, in the order of the configuration, with the ports really taken. */
  public List<InetSocketAddress> addresses() {
    return listeners.stream().map(UdpSocket::local).toList();
  }

  /** Begins to read. */
  void open(Datagrams sink) {
    for (int i = 0; i < listeners.size(); i++) {
      int listener = i;
      listeners.get(i).read(new Reader((from, content) -> sink.unicast(listener, from, content)));
    }
    groups.read(
        new Reader(
            (from, content) -> {
              int listener = listenerFor(from.getAddress());
              if (listener >= 0) {
                sink.group(listener, from, content);
              }
            }));
  }

  /** The index of the first socket through which that address can be answered; -1 for none. */
  private int listenerFor(InetAddress address) {
    for (int i = 0; i < listeners.size(); i++) {
      if (listeners.get(i).speaks(address)) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public void send(ClientAddress address, ToClient message) {
    Octets nodeId = address.nodeId();
    send(address, nodeId == null ? null : new Encapsulation(0, nodeId), message);
  }

  @Override
  public void broadcastVia(ClientAddress via, ToClient message, int radius) {
    Octets nodeId = via.nodeId() == null ? Octets.EMPTY : via.nodeId();
    send(via, new Encapsulation(Math.min(radius, MAX_CTRL_RADIUS), nodeId), message);
  }

  private void send(ClientAddress address, @Nullable Encapsulation wrapping, ToClient message) {
    UdpSocket listener = listeners.get(address.listener());
    if (!listener.send(address.socket(), encoded(listener, wrapping, message))) {
      counters.traffic().increment(Traffic.UNSENT);
    }
  }

  @Override
  public void broadcast(ToClient message, int radius) {
    int hops = radius == 0 ? maxHops : radius;
    int unsent = groups.send(sender -> encoded(sender, null, message), hops);
    counters.traffic().add(Traffic.UNSENT, unsent);
  }

  private ByteBuf encoded(UdpSocket sender, @Nullable Encapsulation wrapping, Message message) {
    ByteBuf datagram = sender.alloc().directBuffer(Encoder.encodedLength(message));
    if (wrapping == null) {
      Encoder.encode(message, datagram);
    } else {
      Encoder.encode(wrapping, message, datagram);
    }
    counters.sent().increment(message.type());
    counters.traffic().increment(Traffic.DATAGRAMS_OUT);
    counters.traffic().add(Traffic.OCTETS_OUT, datagram.readableBytes());
    return datagram;
  }

  /** Sends what is waiting and closes the sockets. Blocks; not for the event loop. */
  public void close() {
    groups.close();
    listeners.forEach(UdpSocket::close);
  }

  /** What is done with a datagram. */
  private interface Sink {
    void datagram(InetSocketAddress from, ByteBuf content);
  }

  /** Counts what a socket receives. */
  private final class Reader implements UdpSocket.Reader {

    private final Sink sink;

    Reader(Sink sink) {
      this.sink = sink;
    }

    @Override
    public void datagram(InetSocketAddress from, ByteBuf content) {
      counters.traffic().increment(Traffic.DATAGRAMS_IN);
      counters.traffic().add(Traffic.OCTETS_IN, content.readableBytes());
      sink.datagram(from, content);
    }

    @Override
    public void failed(Throwable cause) {
      counters.traffic().increment(Traffic.SOCKET_ERRORS);
      Logger.debug("UDP: {}", BindFailure.reason(cause));
    }
  }
}
