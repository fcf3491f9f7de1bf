package mqttsn.codec;

/** What {@link Encapsulation#unwrap} found: the header of an encapsulation, or why it is none. */
public sealed interface Unwrapped permits Encapsulation, Reject {}
