package mqttsn.gateway.net;

import mqttsn.codec.MessageType;
import mqttsn.codec.Reject;
import mqttsn.daemon.net.EnumCounts;
import mqttsn.daemon.net.LatencyHistogram;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.Notice;
import mqttsn.gateway.session.QueueEvent;

/**
 * What happened since the start. The event loop counts, any thread may read.
 *
 * @param received messages of clients; an encapsulated one counts as what is inside
 * @param sent messages to clients; one to several groups counts once for each datagram
 * @param rejects datagrams dropped by the decoder
 * @param unusables requests that could be answered, but not obeyed
 * @param relay time from a client's datagram to the packet for the broker that it caused
 */
public record Counters(
    EnumCounts<MessageType> received,
    EnumCounts<MessageType> sent,
    EnumCounts<Reject> rejects,
    EnumCounts<Reject> unusables,
    EnumCounts<Action.Refusal> refusals,
    EnumCounts<Action.Drop> drops,
    EnumCounts<Action.Tally> tallies,
    EnumCounts<Notice.Event> notices,
    EnumCounts<Traffic> traffic,
    EnumCounts<QueueCount> queue,
    LatencyHistogram relay) {

  /** What happened to messages of the durable queue, on its disk. */
  public enum QueueCount {
    STORED,
    /** The disk did not take it. */
    NOT_STORED,
    /** Noted that the broker has it. */
    RELEASED,
    /** Taken out: the broker has it, or it was dropped. */
    REMOVED,
    /** Read, to be sent. */
    READ,
    /** It could not be read. */
    UNREADABLE;

    static QueueCount of(QueueEvent event) {
      if (event instanceof QueueEvent.Stored) {
        return STORED;
      } else if (event instanceof QueueEvent.NotStored) {
        return NOT_STORED;
      } else if (event instanceof QueueEvent.Released) {
        return RELEASED;
      }
      return event instanceof QueueEvent.Fetched ? READ : UNREADABLE;
    }
  }

  /** What is counted below the protocol. */
  public enum Traffic {
    DATAGRAMS_IN,
    OCTETS_IN,
    DATAGRAMS_OUT,
    OCTETS_OUT,
    /** The kernel refused to send (or, seldom, to receive) a datagram. */
    SOCKET_ERRORS,
    /** Not sent, because the kernel takes no more and too much is waiting already. */
    UNSENT,
    /** Dropped on a discovery group: neither ADVERTISE, SEARCHGW nor GWINFO, or our own. */
    GROUP_IGNORED,
    /** A fault of the gateway itself, in one input; it goes on with the next. */
    FAULTS
  }

  public Counters() {
    this(
        new EnumCounts<>(MessageType.class),
        new EnumCounts<>(MessageType.class),
        new EnumCounts<>(Reject.class),
        new EnumCounts<>(Reject.class),
        new EnumCounts<>(Action.Refusal.class),
        new EnumCounts<>(Action.Drop.class),
        new EnumCounts<>(Action.Tally.class),
        new EnumCounts<>(Notice.Event.class),
        new EnumCounts<>(Traffic.class),
        new EnumCounts<>(QueueCount.class),
        new LatencyHistogram());
  }
}
