package mqttsn.gateway.broker.quic;

import io.netty.channel.Channel;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import mqttsn.gateway.broker.BrokerAddresses;
import mqttsn.gateway.broker.BrokerTransport;
import mqttsn.gateway.config.BrokerSettings;
import mqttsn.gateway.config.BrokerUrl;
import mqttsn.gateway.config.QuicSettings;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/** MQTT over QUIC as one of the gateway's broker transports: names, time-outs, log and status. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failures through the channel.
public final class MqttOverQuic implements BrokerTransport {

  private final BrokerAddresses addresses;
  private final QuicTransport transport;
  private final PathLog log;

  /** Why every attempt fails; null where there is a native library. */
  private final @Nullable QuicUnavailable unavailable;

  private MqttOverQuic(
      IoEventLoop loop, QuicTransport transport, @Nullable QuicUnavailable unavailable) {
    this.addresses = new BrokerAddresses(loop);
    this.transport = transport;
    this.unavailable = unavailable;
    this.log = new PathLog(loop);
  }

  /**
   * Reads the files that the settings name, which blocks: not in the event loop. Where there is no
   * native library every attempt to connect fails, and the next URL is used.
   *
   * @throws IOException with one line for the operator if a file cannot be used
   */
  public static MqttOverQuic create(IoEventLoop loop, BrokerSettings settings) throws IOException {
    QuicSettings quic = settings.quic();
    BrokerSettings.Tls files = settings.tls();
    try {
      QuicTls tls =
          new QuicTls(
              files.caFile(),
              files.certFile(),
              files.keyFile(),
              files.verifyHost(),
              quic.sessionResumption(),
              quic.earlyData());
      return new MqttOverQuic(loop, new QuicTransport(loop, quic, tls), null);
    } catch (QuicUnavailable e) {
      Logger.warn("{}", e.getMessage());
      return new MqttOverQuic(loop, QuicTransport.unavailable(loop, quic), e);
    }
  }

  @Override
  public void connect(BrokerUrl url, Duration timeout, Promise<Channel> connected) {
    if (unavailable != null) {
      connected.tryFailure(unavailable);
      return;
    }
    addresses.reach(
        url,
        timeout,
        connected,
        (address, nanos, failed) ->
            transport
                .connect(
                    url.host(), address, Duration.ofNanos(nanos), event -> log.happened(url, event))
                .addListener(
                    (Future<Channel> opened) -> {
                      if (opened.isSuccess()) {
                        opened(opened.getNow(), connected);
                      } else {
                        failed.accept(opened.cause());
                      }
                    }));
  }

  private static void opened(Channel stream, Promise<Channel> connected) {
    if (!connected.trySuccess(stream)) {
      stream.close();
    }
  }

  /** What was counted since the start; to be read from any thread. */
  public PathCounters counters() {
    return transport.counters();
  }

  /** The path that was opened or changed last; null without any. In the event loop. */
  public @Nullable PathStatus path() {
    return transport.latest();
  }

  /** What happened to paths lately, the newest first. In the event loop. */
  public List<PathChange> recentChanges() {
    return log.newestFirst();
  }

  /**
   * The path that was opened or changed last, on one line; empty without any. In the event loop.
   */
  public String status() {
    PathStatus latest = transport.latest();
    return latest == null ? "" : latest.toString();
  }
}
