package mqttsn.gateway.broker;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import mqttsn.gateway.config.BrokerUrl;

/** How octets reach a broker: what is below MQTT. Called in the event loop, and never blocks it. */
public interface BrokerTransport {

  /** User events of a channel's pipeline, from the transport to MQTT. */
  enum Signal {
    /** Send a PINGREQ: the transport wants proof that the broker is there. */
    PING_WANTED
  }

  /**
   * Connects once.
   *
   * <p>{@code connected} completes in the event loop: with a channel of that loop, active, every
   * handshake below MQTT done, to whose pipeline the MQTT handlers are then appended; or with a
   * failure whose message makes sense to an operator. Closing that channel releases all that is
   * under it. The caller cancels {@code connected} when it no longer wants the connection: then the
   * transport abandons the attempt, and closes what had come of it.
   *
   * @param url of a scheme that this transport serves
   * @param timeout after which the caller cancels
   */
  void connect(BrokerUrl url, Duration timeout, Promise<Channel> connected);
}
