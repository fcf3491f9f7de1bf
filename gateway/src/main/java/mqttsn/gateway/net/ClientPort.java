package mqttsn.gateway.net;

import mqttsn.codec.ToClient;
import mqttsn.gateway.session.ClientAddress;

/** The client side, as the driver sees it. Called in the event loop. */
interface ClientPort {

  void send(ClientAddress address, ToClient message);

  /** Sends through a forwarder, which is to broadcast it. */
  void broadcastVia(ClientAddress via, ToClient message, int radius);

  /** Sends to every discovery group; radius 0 is as far as configured. */
  void broadcast(ToClient message, int radius);
}
