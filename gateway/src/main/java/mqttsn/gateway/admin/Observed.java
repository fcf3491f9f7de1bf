package mqttsn.gateway.admin;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.List;
import mqttsn.daemon.net.LatencyHistogram;
import mqttsn.gateway.broker.BrokerStatus;
import mqttsn.gateway.broker.quic.MqttOverQuic;
import mqttsn.gateway.config.Configuration;
import mqttsn.gateway.net.Counters;
import mqttsn.gateway.session.Gateway;
import mqttsn.gateway.store.QueueStore;
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

  /** From a PUBLISH with QoS 1 to the broker's PUBACK; to be read from any thread. */
  LatencyHistogram brokerRoundTrip();

  /** Null where no broker URL asks for QUIC. */
  @Nullable MqttOverQuic quic();

  /** The disk side of the durable queue, to be read from any thread; null where there is none. */
  @Nullable QueueStore queue();

  /** What is in force. */
  Configuration configuration();

  /** The predefined topics in force. */
  PredefinedTopics predefinedTopics();

  /** Where clients are heard. */
  List<InetSocketAddress> addresses();

  /** What happened lately, the newest first; to be read from any thread. */
  List<RecentEvents.Entry> recentEvents();
}
