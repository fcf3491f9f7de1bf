package mqttsn.gateway;

import static io.netty.util.NetUtil.toSocketAddressString;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import mqttsn.daemon.admin.AdminServer;
import mqttsn.daemon.config.ConfigurationException;
import mqttsn.daemon.config.Endpoint;
import mqttsn.daemon.log.Log;
import mqttsn.daemon.net.LatencyHistogram;
import mqttsn.daemon.net.Transport;
import mqttsn.daemon.process.Daemon;
import mqttsn.daemon.systemd.InheritedSocket;
import mqttsn.gateway.admin.GatewayPages;
import mqttsn.gateway.admin.Observed;
import mqttsn.gateway.admin.RecentEvents;
import mqttsn.gateway.broker.BrokerLinks;
import mqttsn.gateway.broker.BrokerStatus;
import mqttsn.gateway.broker.BrokerTransport;
import mqttsn.gateway.broker.quic.MqttOverQuic;
import mqttsn.gateway.config.BrokerUrl.Scheme;
import mqttsn.gateway.config.Configuration;
import mqttsn.gateway.net.Counters;
import mqttsn.gateway.net.Driver;
import mqttsn.gateway.net.UdpShell;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLink;
import mqttsn.gateway.session.Gateway;
import mqttsn.gateway.session.QueueEvent;
import mqttsn.gateway.store.QueueStore;
import mqttsn.topic.PredefinedTopics;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * A gateway with all its parts wired together, from its start to its end. One event loop owns the
 * sockets, the core and the broker connections.
 */
public final class RunningGateway implements Daemon<Configuration>, Observed {

  /** How long the broker may take to see the end of all links. */
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  /** How long the start waits until what an earlier process left is read. */
  private static final Duration RECALL = Duration.ofMinutes(1);

  /** How often it is looked at how far sequence numbers have come. */
  private static final int SEQUENCE_SECONDS = 10;

  private final Opened opened;
  private final IoEventLoop loop;
  private final Configuration started;
  private final Counters counters = new Counters();
  private final OperatorLog operatorLog =
      new OperatorLog(System::nanoTime, Logger::info, Logger::warn);
  private final QueueLosses queueLosses = new QueueLosses(counters, Logger::warn);
  private final RecentEvents recentEvents = new RecentEvents(operatorLog);
  private @Nullable AdminServer admin;
  private final UdpShell clients;
  private final BrokerLinks links;
  private final Gateway gateway;
  private final Driver driver;
  private final OnDisk disk;
  private @Nullable MqttOverQuic quic;
  private volatile InForce inForce;

  private RunningGateway(
      Opened opened,
      IoEventLoop loop,
      Transport transport,
      InForce inForce,
      List<InheritedSocket> inherited)
      throws IOException {
    this.opened = opened;
    this.loop = loop;
    this.inForce = inForce;
    this.started = inForce.configuration();
    this.links = BrokerLinks.create(loop, started.broker(), quicTransport(), this::happened);
    this.clients = sockets(transport, inherited);
    opened.add(clients::close);
    clients.join(started.discovery().allGroups(), started.discovery().interface_());
    this.disk = OnDisk.open(started, loop, this::fromQueue);
    opened.add(disk::close);
    this.gateway = new Gateway(inForce.forTheCore(disk.firstSequence()), loop.ticker().nanoTime());
    long window = OperatorLog.WINDOW.toMillis();
    Future<?> unused =
        loop.scheduleAtFixedRate(this::sayWhatRepeated, window, window, TimeUnit.MILLISECONDS);
    this.driver =
        new Driver(
            gateway,
            clients,
            new LinksPort(links),
            recentEvents,
            counters,
            disk.sessionPort(),
            disk.queuePort(),
            loop);
  }

  /**
   * Binds every socket and begins to serve. Blocks; not for an event loop.
   *
   * @param inherited bound sockets of a service manager, used instead of the listen addresses
   * @throws ConfigurationException if a file that the configuration names cannot be used
   * @throws IOException if a socket cannot be bound, or a file cannot be read
   */
  public static RunningGateway start(Configuration configuration, List<InheritedSocket> inherited)
      throws ConfigurationException, IOException {
    Log.level(configuration.log().level());
    InForce inForce = InForce.read(configuration);
    Transport transport = Transport.best();
    Logger.info("UDP through {}", transport.description());
    IoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("gateway"), transport.ioHandler());
    Opened opened = new Opened();
    opened.add(() -> end(group));
    try {
      RunningGateway running =
          new RunningGateway(opened, group.next(), transport, inForce, inherited);
      running.begin();
      return running;
    } catch (ConfigurationException | IOException | RuntimeException | Error e) {
      opened.close();
      throw e;
    }
  }

  /** Begins to serve once every socket is bound: neither client nor broker hears of a failure. */
  private void begin() throws ConfigurationException, IOException {
    disk.readAhead();
    startAdmin();
    recall();
    driver.begin(clients);
  }

  /**
   * Tries what the configuration alone does not show.
   *
   * @throws ConfigurationException if a file that it names cannot be used
   */
  static void check(Configuration configuration) throws ConfigurationException {
    InForce unused = InForce.read(configuration);
    OnDisk.check(configuration);
    AdminServer.check(configuration.admin().tokenFile());
    try {
      BrokerLinks.check(configuration.broker());
    } catch (IOException e) {
      throw new ConfigurationException(String.valueOf(e.getMessage()));
    }
  }

  private UdpShell sockets(Transport transport, List<InheritedSocket> inherited)
      throws IOException {
    UdpShell.Options options =
        new UdpShell.Options(
            started.sensors().maxDatagram(),
            started.sensors().receiveBuffer().intBytes(),
            started.discovery().maxHops());
    if (!inherited.isEmpty()) {
      List<Integer> descriptors = inherited.stream().map(InheritedSocket::fd).toList();
      return UdpShell.adopt(loop, transport, descriptors, options, counters);
    }
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (Endpoint endpoint : started.sensors().listen()) {
      addresses.add(resolved(endpoint));
    }
    return UdpShell.bind(loop, transport, addresses, options, counters);
  }

  private void startAdmin() throws ConfigurationException, IOException {
    Endpoint listen = started.admin().listen();
    if (listen != null) {
      AdminServer server =
          AdminServer.start(listen, started.admin().tokenFile(), GatewayPages.of(this));
      opened.add(server::close);
      admin = server;
      Logger.info("status page and metrics on http://{}/", toSocketAddressString(server.address()));
    }
  }

  /** Goes on with what an earlier process left on disk. */
  private void recall() {
    Future<?> recalled = loop.submit(this::recallInLoop);
    await(recalled, RECALL);
    if (recalled.cause() != null) {
      throw new IllegalStateException("what an earlier run left was not read", recalled.cause());
    }
    Future<?> unused =
        loop.scheduleAtFixedRate(
            () -> disk.reached(gateway.highestSequence()),
            SEQUENCE_SECONDS,
            SEQUENCE_SECONDS,
            TimeUnit.SECONDS);
  }

  private void recallInLoop() {
    int sessions = disk.recall(driver);
    if (disk.keepsSessions()) {
      Logger.info("{} sessions of an earlier run go on", sessions);
    }
    if (disk.queue() != null) {
      long queued = gateway.queue(loop.ticker().nanoTime()).messages();
      Logger.info("{} messages of an earlier run are queued", queued);
    }
  }

  /** The transport for QUIC, where a URL asks for it: otherwise its native library stays away. */
  private Map<Scheme, BrokerTransport> quicTransport() throws IOException {
    boolean wanted =
        started.broker().urls().stream().anyMatch(url -> url.scheme() == Scheme.MQTT_QUIC);
    if (!wanted) {
      return Map.of();
    }
    MqttOverQuic transport = MqttOverQuic.create(loop, started.broker());
    quic = transport;
    return Map.of(Scheme.MQTT_QUIC, transport);
  }

  private static InetSocketAddress resolved(Endpoint endpoint) throws IOException {
    try {
      return new InetSocketAddress(InetAddress.getByName(endpoint.host()), endpoint.port());
    } catch (UnknownHostException e) {
      throw new IOException("cannot listen on UDP " + endpoint + ": unknown host", e);
    }
  }

  private void sayWhatRepeated() {
    operatorLog.sayWhatRepeated();
    queueLosses.say();
  }

  private void fromQueue(List<QueueEvent> events) {
    driver.fromQueue(events);
  }

  private void happened(BrokerLink link, BrokerEvent event) {
    driver.fromBroker(link, event);
  }

  /** Where clients are heard, in the order of the configuration, with the ports really taken. */
  @Override
  public List<InetSocketAddress> addresses() {
    return clients.addresses();
  }

  /** What was counted since the start; to be read from any thread. */
  @Override
  public Counters counters() {
    return counters;
  }

  @Override
  public List<RecentEvents.Entry> recentEvents() {
    return recentEvents.newestFirst();
  }

  @Override
  public EventLoop loop() {
    return loop;
  }

  /** Where the admin pages are; null while they are off. */
  public @Nullable InetSocketAddress adminAddress() {
    return admin == null ? null : admin.address();
  }

  /** The core, to be asked in the event loop only. */
  @Override
  public Gateway gateway() {
    return gateway;
  }

  /** How the broker is reached; to be called in the event loop only. */
  @Override
  public LatencyHistogram brokerRoundTrip() {
    return links.roundTrip();
  }

  @Override
  public BrokerStatus broker() {
    return links.status();
  }

  /** The transport over QUIC; null where no URL asks for it. */
  @Override
  public @Nullable MqttOverQuic quic() {
    return quic;
  }

  @Override
  public @Nullable QueueStore queue() {
    return disk.queue();
  }

  /** The configuration in force: what the last reload changed live, and otherwise the first one. */
  @Override
  public Configuration configuration() {
    return inForce.configuration();
  }

  /** The predefined topics in force. */
  @Override
  public PredefinedTopics predefinedTopics() {
    return inForce.predefinedTopics();
  }

  @Override
  public IoEventLoop eventLoop() {
    return loop;
  }

  @Override
  public String status() {
    BrokerStatus.Own own = links.status().own();
    int sessions = gateway.sessions();
    String path = quic == null ? "" : quic.status();
    return sessions
        + (sessions == 1 ? " client, broker " : " clients, broker ")
        + (own == null ? "down" : "up at " + own.url())
        + (path.isEmpty() ? "" : ", " + path);
  }

  @Override
  public void reload(Configuration wanted) throws ConfigurationException {
    Reload reload = Reload.of(inForce.configuration(), wanted);
    InForce next = InForce.read(reload.inForce());
    if (!reload.needRestart().isEmpty()) {
      Logger.warn(
          "changed, but in force only after a restart: {}",
          String.join(", ", reload.needRestart()));
    }
    Log.level(wanted.log().level());
    inForce = next;
    await(loop.submit(() -> driver.reconfigure(next.forTheCore(disk.firstSequence()))), FAREWELL);
  }

  @Override
  public void stop() {
    if (admin != null) {
      admin.close();
    }
    Promise<Void> idle = loop.newPromise();
    loop.execute(
        () -> {
          if (disk.keepsSessions()) {
            driver.handOver();
          } else {
            driver.stop();
          }
          links.idle().addListener(end -> idle.trySuccess(null));
        });
    await(idle, FAREWELL);
    opened.close();
  }

  private static void end(IoEventLoopGroup group) {
    await(group.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS), FAREWELL);
  }

  private static void await(Future<?> end, Duration limit) {
    if (!end.awaitUninterruptibly(limit.toMillis())) {
      Logger.debug("going on without waiting any longer");
    }
  }
}
