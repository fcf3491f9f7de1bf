package mqttsn.gateway.net;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/** Takes what the sockets receive. Called in the event loop. */
interface Datagrams {

  /**
   * A datagram for one of our own addresses.
   *
   * @param content valid during the call
   */
  void unicast(int listener, InetSocketAddress sender, ByteBuf content);

  /**
   * A datagram for a discovery group, not sent by this gateway.
   *
   * @param listener through which an answer to the sender leaves
   * @param content valid during the call
   */
  void group(int listener, InetSocketAddress sender, ByteBuf content);
}
