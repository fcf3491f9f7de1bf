package mqttsn.gateway.session;

import java.util.function.Consumer;

/** Where publishes over a shared connection come from: sessions, or the durable queue. */
interface UplinkParty {

  /** Whether this packet identifier is that of one of its exchanges. */
  boolean uses(int packetIdentifier);

  void pubAck(BrokerEvent.PubAck pubAck);

  void pubRec(BrokerEvent.PubRec pubRec);

  void pubComp(int packetIdentifier);

  /** Sends PUBREL for what the broker has, unless {@link PoisonTrial} holds it. */
  void release();

  /** Hands over what waits to be released or sent; of each sender the first comes first. */
  void candidates(Consumer<Suspect> each);
}
