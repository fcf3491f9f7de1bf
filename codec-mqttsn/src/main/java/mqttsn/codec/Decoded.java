package mqttsn.codec;

/** What a datagram turned out to be. */
public sealed interface Decoded permits Legible, Encapsulated, Reject {}
