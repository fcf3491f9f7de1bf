package mqttsn.gateway.broker;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import mqttsn.gateway.config.BrokerUrl.Scheme;
import org.tinylog.Logger;

/**
 * Brings links back to the first {@code mqtt-quic} URL after a fail-over: does what {@link
 * ClimbBack} decides. Links at other URLs stay where they are: brokers that are equal need not
 * share sessions.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class Homeward {

  private static final long TICK_MILLIS = 200;
  private static final int LINKS_A_TICK = 8;

  private final Shell shell;
  private final BrokerTransport transport;
  private final List<UrlHealth> urls;
  private final int preferred;
  private final Supplier<Iterable<Link>> links;
  private final ClimbBack policy;

  private Homeward(
      Shell shell,
      BrokerTransport transport,
      List<UrlHealth> urls,
      int preferred,
      Supplier<Iterable<Link>> links) {
    this.shell = shell;
    this.transport = transport;
    this.urls = urls;
    this.preferred = preferred;
    this.links = links;
    this.policy = new ClimbBack(shell.settings().quic().returnInterval(), shell.now());
  }

  /** Begins to watch, if there is a {@code mqtt-quic} URL and another one after it. */
  static void begin(Shell shell, Connects connects, Supplier<Iterable<Link>> links) {
    List<UrlHealth> urls = connects.health();
    for (int i = 0; i < urls.size() - 1; i++) {
      if (urls.get(i).url().scheme() == Scheme.MQTT_QUIC) {
        BrokerTransport transport = connects.transport(urls.get(i));
        Homeward homeward = new Homeward(shell, transport, urls, i, links);
        connects.homeward(homeward);
        shell
            .loop()
            .scheduleWithFixedDelay(
                homeward::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        return;
      }
    }
  }

  void answered(UrlHealth url) {
    if (url == urls.get(preferred)) {
      policy.answered();
    }
  }

  void failed(UrlHealth url) {
    if (url == urls.get(preferred)) {
      policy.failed(shell.now());
    }
  }

  private void tick() {
    switch (policy.tick(anyElsewhere(), shell.now())) {
      case WAIT -> {}
      case PROBE -> probe();
      case MOVE_ONE -> {
        Logger.info("broker {} can be reached again: going back to it", urls.get(preferred).url());
        urls.get(preferred).reachable();
        move(1);
      }
      case MOVE_SOME -> move(LINKS_A_TICK);
    }
  }

  private boolean anyElsewhere() {
    for (int i = preferred + 1; i < urls.size(); i++) {
      if (urls.get(i).connections > 0) {
        return true;
      }
    }
    return false;
  }

  private void probe() {
    Promise<Channel> reached = shell.loop().newPromise();
    Duration timeout = shell.settings().connectTimeout();
    Future<?> timer =
        shell.loop().schedule(() -> reached.cancel(false), timeout.toNanos(), TimeUnit.NANOSECONDS);
    reached.addListener(
        (Future<Channel> done) -> {
          timer.cancel(false);
          if (done.isSuccess()) {
            done.getNow().close();
          }
          policy.probed(done.isSuccess(), shell.now());
        });
    transport.connect(urls.get(preferred).url(), timeout, reached);
  }

  private void move(int most) {
    int left = most;
    for (Link link : links.get()) {
      UrlHealth at = link.url();
      if (at != null && left > 0 && urls.indexOf(at) > preferred) {
        left--;
        link.moveAway("going back to " + urls.get(preferred).url());
      }
    }
  }
}
