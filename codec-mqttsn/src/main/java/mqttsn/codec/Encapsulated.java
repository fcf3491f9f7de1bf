package mqttsn.codec;

/** A message that came through a forwarder, or is to go through one (§5.5). */
public record Encapsulated(Encapsulation encapsulation, Legible message) implements Decoded {

  /** The wireless node that the message is from or for; means something to its forwarder only. */
  public Octets nodeId() {
    return encapsulation.nodeId();
  }
}
