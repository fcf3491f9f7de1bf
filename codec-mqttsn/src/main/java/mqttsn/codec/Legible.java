package mqttsn.codec;

/** A datagram whose header could be read: a message, or one that deserves a negative answer. */
public sealed interface Legible extends Decoded permits Message, Unusable {

  MessageType type();
}
