package mqttsn.forwarder.core;

/** What a datagram turned out to be: something to pass on, or the reason why not. */
sealed interface Seen permits Datagram, Drop {}
