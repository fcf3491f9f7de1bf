package mqttsn.gateway.simulation;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import mqttsn.codec.Decoded;
import mqttsn.codec.Decoder;
import mqttsn.codec.Encapsulated;
import mqttsn.codec.Legible;
import mqttsn.codec.Message;
import mqttsn.codec.Octets;
import mqttsn.codec.Reject;
import mqttsn.codec.ToClient;
import mqttsn.codec.ToGateway;
import mqttsn.gateway.net.SessionPort;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerLink;
import mqttsn.gateway.session.ClientAddress;
import mqttsn.gateway.session.Gateway;
import mqttsn.gateway.session.ModelQueueDisk;
import mqttsn.gateway.session.Settings;

/**
 * Everything that one seed makes: clients, network, broker, links, and the gateway's core between
 * them.
 *
 * <p>A life has three parts: chaos, calm (no faults; everybody must come to rest), silence (nobody
 * speaks; nothing may be left).
 */
final class World {

  private static final long CALM_NANOS = 40 * Timeline.MINUTE;

  /** From the signal to the end of the process. */
  private static final long FAREWELL_NANOS = 500 * Timeline.MILLISECOND;

  /** After its start a process writes down, behind, which ids it leaves out. */
  private static final long SETTLING_NANOS = 200 * Timeline.MILLISECOND;

  private final long seed;
  private final Dice dice;
  private final Timeline timeline = new Timeline();
  private final Transcript transcript = new Transcript();
  private final Settings settings;
  private final UnaryOperator<Core> breaks;
  private final List<Invariant> invariants;
  private final Network network;
  private final ModelBroker broker;
  private final SimulatedDisk disk;
  private final SimulatedQueueDisk queueDisk;
  private final List<ModelClient> clients = new ArrayList<>();
  private final Map<ClientAddress, ModelClient> owners = new HashMap<>();
  private final Map<BrokerLink, String> mqttClientIds = new HashMap<>();
  private final Faults faults;
  private SimulatedProcess process;
  private int lastPort = 10_000;
  private long startedAt;
  private boolean isDown;
  private boolean isCalm;
  private boolean isSilent;

  World(long seed) {
    this(seed, UnaryOperator.identity());
  }

  /**
   * @param breaks puts something between the world and the real core
   */
  World(long seed, UnaryOperator<Core> breaks) {
    this.seed = seed;
    dice = new Dice(seed);
    settings = SimulatedSettings.any(dice.split());
    this.breaks = breaks;
    invariants = Invariants.all(settings);
    network = new Network(timeline, dice.split());
    broker = new ModelBroker(timeline, invariants, dice.split());
    disk = new SimulatedDisk(timeline, dice.split(), () -> faults().killSoon());
    queueDisk = new SimulatedQueueDisk(timeline, dice.split(), () -> faults().killSoon());
    process = newProcess();
    int howMany = dice.between(2, 10);
    for (int number = 1; number <= howMany; number++) {
      Dice own = dice.split();
      ClientPlan plan = ClientPlan.of(number, own);
      ModelClient client = new ModelClient(plan, address(number, plan.nodeId()), this, own);
      owners.put(client.address(), client);
      clients.add(client);
    }
    faults = new Faults(this, dice.split());
  }

  /** A life with chaos of the given length. */
  void live(long chaosNanos) {
    try {
      process.start(queueDisk, List.of());
      faults.begin();
      clients.forEach(client -> client.habits().begin());
      runUntil(chaosNanos);
      isCalm = true;
      faults.end();
      clients.forEach(client -> client.habits().calm());
      runUntil(chaosNanos + CALM_NANOS);
      invariants.forEach(invariant -> invariant.calm(this));
      isSilent = true;
      runUntil(chaosNanos + CALM_NANOS + 2 * settings.sessions().expiryNanos() + 2 * Timeline.HOUR);
      invariants.forEach(invariant -> invariant.silent(this));
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError(report(e), e);
    }
  }

  long events() {
    return timeline.events();
  }

  Timeline timeline() {
    return timeline;
  }

  List<Invariant> invariants() {
    return invariants;
  }

  private Faults faults() {
    return faults;
  }

  Core core() {
    return process.core();
  }

  Network network() {
    return network;
  }

  ModelBroker broker() {
    return broker;
  }

  Links links() {
    return process.links();
  }

  SimulatedQueueDisk queueDisk() {
    return queueDisk;
  }

  /** Whether sessions are written down, so that another process can go on with them. */
  boolean survivesRestarts() {
    return settings.sessions().survive();
  }

  List<ModelClient> clients() {
    return clients;
  }

  List<BrokerLink> knownLinks() {
    return new ArrayList<>(mqttClientIds.keySet());
  }

  /** Whether a process of the gateway is there, and has written down that it is. */
  boolean hasProcess() {
    return !isDown && timeline.now() - startedAt > SETTLING_NANOS;
  }

  boolean isCalm() {
    return isCalm;
  }

  boolean isSilent() {
    return isSilent;
  }

  void transcript(String who, String how, Object what) {
    transcript.add(timeline.now(), who, how, what);
  }

  /** An address beside the one of a client, where nobody was before. */
  ClientAddress freshAddress(ModelClient client) {
    ClientAddress old = client.address();
    return new ClientAddress(
        0, new InetSocketAddress(old.socket().getAddress(), ++lastPort), old.nodeId());
  }

  /** A client appears at another address. */
  void move(ModelClient client) {
    ClientAddress to = freshAddress(client);
    owners.put(to, client);
    client.moveTo(to);
  }

  /** A client sends a message. */
  void fromClient(ModelClient client, ToGateway message) {
    ClientAddress from = client.address();
    transcript(client.clientId(), "sends", message);
    network.send(
        Network.encode((Message) message, from.nodeId()),
        datagram -> atGateway(client, from, datagram));
  }

  /** Somebody sends anything from the address of a client, or from one of its own. */
  void fromLiar(ClientAddress from, Octets datagram) {
    network.send(
        datagram,
        arrived -> {
          Decoded decoded = Decoder.toGateway(arrived);
          transcript("liar", "arrives", decoded);
          if (!(decoded instanceof Reject)) {
            process.fromClient("liar", decoded, () -> {}, from, decoded);
          }
        });
  }

  private void atGateway(ModelClient client, ClientAddress from, ByteBuf datagram) {
    Decoded decoded = Decoder.toGateway(datagram);
    Legible message =
        decoded instanceof Encapsulated encapsulated ? encapsulated.message() : (Legible) decoded;
    process.fromClient(
        client.clientId(),
        message,
        () -> invariants.forEach(invariant -> invariant.received(client, message)),
        new ClientAddress(from.listener(), from.socket(), null),
        decoded);
  }

  /** The gateway gets a signal to end; later another process goes on. */
  void handOver(long downNanos) {
    isDown = true;
    process.handOver();
    timeline.after(
        FAREWELL_NANOS,
        () -> {
          process.end();
          disk.close();
          queueDisk.close();
          timeline.after(downNanos, this::restart);
        });
  }

  /** The gateway is killed; later another process goes on. */
  void crash(long downNanos) {
    isDown = true;
    process.end();
    disk.crash();
    queueDisk.crash();
    timeline.after(downNanos, this::restart);
  }

  private void restart() {
    transcript("fault", "gateway", "starts");
    isDown = false;
    startedAt = timeline.now();
    mqttClientIds.clear();
    process = newProcess();
    process.start(queueDisk, disk.load());
  }

  private SimulatedProcess newProcess() {
    Settings now = SimulatedSettings.startedAt(settings, timeline.now());
    Core core = breaks.apply(new Core.Real(new Gateway(now, timeline.now())));
    SessionPort sessions = survivesRestarts() ? disk : SessionPort.NOWHERE;
    SimulatedProcess next = new SimulatedProcess(this, core, sessions, dice.split());
    queueDisk.serve(next::fromQueue);
    return next;
  }

  /** What the gateway wants done. */
  void perform(Action action) {
    transcript("", "  ->", action);
    if (action instanceof Action.Send send) {
      send(send.address(), send.message());
    } else if (action instanceof Action.Command command) {
      command(command.link(), command.command());
    } else if (action instanceof Action.OpenLink open) {
      mqttClientIds.put(open.link(), open.connect().clientId());
      invariants.forEach(invariant -> invariant.opened(open.link(), open.connect()));
      links().open(open.link(), open.connect());
    } else if (action instanceof Action.CloseLink close) {
      links().close(close.link(), close.farewell());
    } else if (ModelQueueDisk.isFor(action)) {
      queueDisk.give(action);
    }
  }

  private void send(ClientAddress to, ToClient message) {
    ModelClient client = owners.get(to);
    if (client == null) {
      return;
    }
    invariants.forEach(invariant -> invariant.sent(client, message));
    long sentAt = timeline.now();
    network.send(
        Network.encode(message, to.nodeId()),
        datagram -> {
          if (client.address().equals(to)) {
            client.received(datagram, sentAt);
          }
        });
  }

  private void command(BrokerLink link, BrokerCommand command) {
    String mqttClientId = mqttClientIds.getOrDefault(link, "");
    invariants.forEach(invariant -> invariant.commanded(mqttClientId, link, command));
    links().command(link, command);
  }

  private void runUntil(long instant) {
    boolean goesOn = true;
    while (goesOn) {
      goesOn = timeline.step(instant);
    }
  }

  private static ClientAddress address(
      int number, @org.jspecify.annotations.Nullable Octets nodeId) {
    byte[] host = {10, 0, 0, (byte) (nodeId == null ? number : 200)};
    try {
      return new ClientAddress(
          0, new InetSocketAddress(InetAddress.getByAddress(host), 2000), nodeId);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private String report(Throwable why) {
    return why
        + "\nat "
        + Transcript.time(timeline.now())
        + " of seed "
        + seed
        + ", to be replayed with -Dsimulation.seed="
        + seed
        + "\n"
        + transcript.render(
            Integer.getInteger("simulation.lines", 150),
            System.getProperty("simulation.about", ""));
  }
}
