package mqttsn.gateway.client;

import mqttsn.codec.Message;

/** Sees every message of a client as it passes; called on the client's thread. */
public interface ClientTrace {

  ClientTrace NONE =
      new ClientTrace() {
        @Override
        public void sent(Message message) {}

        @Override
        public void received(Message message) {}
      };

  void sent(Message message);

  void received(Message message);
}
