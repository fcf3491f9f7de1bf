package mqttsn.gateway.admin;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Set;
import mqttsn.gateway.broker.BrokerStatus;
import mqttsn.gateway.broker.quic.PathCounters;
import mqttsn.gateway.net.Counters;
import mqttsn.gateway.session.Gateway;
import mqttsn.topic.PredefinedTopics;
import org.jspecify.annotations.Nullable;

/** A running gateway, as the admin pages see it. */
public interface Observed {

  /** The loop that owns what {@link #gateway()} and {@link #broker()} tell. */
  EventLoop loop();

  /** To be asked in the loop only. */
  Gateway gateway();

  /** To be asked in the loop only. */
  BrokerStatus broker();

  /** To be read from any thread. */
  Counters counters();

  /** To be read from any thread; null where no broker URL asks for QUIC. */
  @Nullable PathCounters paths();

  /** The predefined topics in force. */
  PredefinedTopics predefinedTopics();

  /** The ports where clients are heard. */
  Set<Integer> ports();

  /** What happened lately, the newest first; to be read from any thread. */
  List<RecentEvents.Entry> recentEvents();
}
