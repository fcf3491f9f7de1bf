package mqttsn.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import mqttsn.codec.Decoded;
import mqttsn.codec.Encapsulated;
import mqttsn.codec.Encapsulation;
import mqttsn.codec.Message;
import mqttsn.codec.Octets;
import mqttsn.codec.text.MessageText;
import org.jspecify.annotations.Nullable;

/**
 * Plays a scenario file against the core in virtual time. Every line is a stimulus or an
 * expectation; what a stimulus causes must be expected by the lines after it, in order and
 * completely (notices, tallies and records only when they are named).
 *
 * <pre>
 * # a comment; the first one is the title
 * # proves 6.14-1 6.14-2           the rules of the standard that the scenario shows
 * given t-retry=5s                settings, before anything else
 * a&gt; CONNECT clientId=s1          a message from address a (f/01: node 01 behind forwarder f)
 * a&gt; hex 02 16                    the same, as octets
 * a&lt; CONNACK returnCode=accepted
 * s1 opens cleanStart             the broker link of the client s1 (or "gateway")
 * s1&gt; connected sessionPresent    an event of that link
 * s1&lt; PUBLISH id=1 topic=t qos=1 "21"
 * s1 closes end-session
 * all&lt; ADVERTISE gwId=1 duration=900       a broadcast (f/01*&lt;: through forwarder f)
 * drop buffer-full                also: refusal REASON, tally NAME, tells EVENT CLIENT,
 *                                 persists CLIENT
 * queue&lt; enqueue 1 client=s1 topic=t qos=1 "21"   the disk of the durable queue is told; also:
 *                                 release 1, dequeue 1, fetch 1 2
 * queue&gt; stored 1 2              what it says; also: not-stored, released, fetched, missing
 * wait 30s                        virtual time; timers fire in it
 * connect a s1 cleanSession       CONNECT, the broker accepts, CONNACK
 * state s1 asleep                 the state of the client s1
 * sessions 1                      how many sessions there are
 * reload rate=10                  other settings from now on
 * stop                            the gateway stops
 * hand-over                       it stops, and another process will go on
 * restart 30s                     after that time the other process goes on with its records, and
 *                                 with the durable queue
 * crash 30s                       the same, but the records are those of the last "recorded"
 * recorded                        what the sessions know is written down now
 * queued 3                        how many messages are in the durable queue
 * </pre>
 */
final class Scenario {

  private final TestSettings settings = new TestSettings();
  private final Deque<Action> pending = new ArrayDeque<>();
  private final Map<BrokerLink, String> linkNames = new HashMap<>();
  private final Map<String, BrokerLink> links = new HashMap<>();
  private final QueueText queue = new QueueText();
  private final Map<String, SessionRecord> records = new LinkedHashMap<>();
  private @Nullable Gateway gateway;
  private long now = 1_000_000 * Time.SECOND;

  void play(String file, List<String> lines) {
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        try {
          step(line);
        } catch (AssertionError | RuntimeException e) {
          throw new AssertionError(file + ":" + (i + 1) + ": " + line + "\n  " + e.getMessage(), e);
        }
      }
    }
    expectNothingMore();
  }

  /** What a datagram leads to, as expectations would have it, apart from notices. */
  List<String> observe(String from, Decoded datagram) {
    perform(() -> core().fromClient(Addresses.of(from), datagram, now));
    List<String> lines = new ArrayList<>();
    for (Action action = pending.poll(); action != null; action = pending.poll()) {
      if (!(action instanceof Action.Tell)) {
        lines.add(render(action));
      }
    }
    return lines;
  }

  /** The state of a client in lower case; unknown if it has no session. */
  String stateOf(String clientId) {
    return core().views(now).stream()
        .filter(view -> view.clientId().equals(clientId))
        .map(view -> Labels.of(view.state()))
        .findAny()
        .orElse("unknown");
  }

  private void step(String line) {
    String[] words = line.split(" +");
    switch (words[0]) {
      case "given" -> set(words[1]);
      case "wait" -> passTime(TestSettings.nanos(words[1]));
      case "connect" -> connect(words[1], words[2], rest(line, 3));
      case "stop" -> perform(() -> core().stop(now));
      case "hand-over" -> perform(() -> core().handOver(now));
      case "restart" -> {
        record();
        perform(() -> restart(TestSettings.nanos(words[1])));
      }
      case "recorded" -> record();
      case "crash" -> perform(() -> restart(TestSettings.nanos(words[1])));
      case "queued" -> assertThat(core().queue(now).messages()).isEqualTo(Long.parseLong(words[1]));
      case "sessions" -> assertThat(core().sessions()).isEqualTo(Integer.parseInt(words[1]));
      case "state" -> assertThat(stateOf(words[1])).isEqualTo(words[2]);
      case "reload" -> {
        set(words[1]);
        perform(() -> core().reconfigure(settings.build(), now));
      }
      default -> {
        if (words[0].endsWith(">")) {
          stimulus(words[0].substring(0, words[0].length() - 1), rest(line, 1));
        } else {
          expect(line);
        }
      }
    }
  }

  private void set(String setting) {
    settings.with(
        setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
  }

  private void stimulus(String from, String what) {
    Gateway core = core();
    if (from.equals("queue")) {
      perform(() -> core.fromQueue(queue.parse(what), now));
      return;
    }
    if (!isAddress(from)) {
      BrokerLink link = Objects.requireNonNull(links.get(from), from);
      perform(() -> core.fromBroker(link, BrokerText.parse(what), now));
      return;
    }
    ClientAddress address = Addresses.of(from);
    if (what.startsWith("hex ")) {
      perform(() -> core.fromClient(address, Datagrams.decoded(what.substring(4)), now));
      return;
    }
    Message message = MessageText.parse(what);
    Octets nodeId = address.nodeId();
    if (nodeId == null) {
      perform(() -> core.fromClient(address, message, now));
    } else {
      ClientAddress forwarder = new ClientAddress(address.listener(), address.socket(), null);
      Encapsulated wrapped = new Encapsulated(new Encapsulation(0, nodeId), message);
      perform(() -> core.fromClient(forwarder, wrapped, now));
    }
  }

  /** The whole of a connection set-up, for scenarios that are about something else. */
  private void connect(String address, String clientId, String options) {
    String cleanStart = options.contains("cleanSession") ? " cleanStart" : " persistent";
    step(address + "> CONNECT clientId=" + clientId + " duration=60 " + options);
    step(clientId + " opens" + cleanStart);
    step(clientId + "> connected");
    step(address + "< CONNACK returnCode=accepted");
  }

  private void passTime(long nanos) {
    expectNothingMore();
    long end = now + nanos;
    while (core().deadline() <= end) {
      now = Math.max(now, core().deadline());
      pending.addAll(performed(core().timeout(now)));
    }
    now = end;
  }

  private void perform(Supplier<List<Action>> input) {
    expectNothingMore();
    pending.addAll(performed(input.get()));
    for (Action action : pending) {
      if (action instanceof Action.OpenLink open) {
        String name = open.connect().clientId();
        linkNames.putIfAbsent(open.link(), name);
        links.put(linkNames.getOrDefault(open.link(), name), open.link());
      }
    }
  }

  /** The disks do what they are told at once; what they say is said by lines. */
  private List<Action> performed(List<Action> actions) {
    for (Action action : actions) {
      queue.perform(action, now);
      if (action instanceof Action.Persist persist) {
        records.put(persist.session().clientId(), persist.session());
      }
    }
    return actions;
  }

  private void record() {
    core()
        .takeChanged(Integer.MAX_VALUE, now)
        .forEach(
            (clientId, session) ->
                session.ifPresentOrElse(
                    record -> records.put(clientId, record), () -> records.remove(clientId)));
  }

  /** Another process takes over what this one wrote down. */
  private List<Action> restart(long downNanos) {
    now += downNanos;
    linkNames.keySet().removeIf(link -> !link.equals(BrokerLink.GATEWAY));
    gateway = new Gateway(settings.build(), now);
    gateway.restoreQueue(queue.summaries(now), queue.lastNumber(), now);
    List<Action> actions =
        new ArrayList<>(gateway.restore(List.copyOf(records.values()), downNanos, now));
    actions.addAll(gateway.start(now));
    actions.removeIf(
        action -> action instanceof Action.OpenLink open && open.link().equals(BrokerLink.GATEWAY));
    return actions;
  }

  private Gateway core() {
    if (gateway == null) {
      gateway = new Gateway(settings.build(), now);
      gateway.start(now);
      links.put("gateway", BrokerLink.GATEWAY);
      linkNames.put(BrokerLink.GATEWAY, "gateway");
    }
    return gateway;
  }

  private void expect(String line) {
    skipOptionalUnless(line);
    Action action = pending.poll();
    if (action == null) {
      fail("but there was nothing");
    } else if (action instanceof Action.OpenLink open && line.contains(" expiry=")) {
      assertThat(render(action) + BrokerText.limits(open.connect())).isEqualTo(line);
    } else {
      assertThat(render(action)).isEqualTo(line);
    }
  }

  private void expectNothingMore() {
    skipOptionalUnless("");
    assertThat(pending.stream().map(this::render)).as("nothing more happens").isEmpty();
  }

  /** Notices, tallies and records count only where a line names them. */
  private void skipOptionalUnless(String line) {
    for (Action action = pending.peek();
        action instanceof Action.Tell
            || action instanceof Action.Tally
            || action instanceof Action.Persist;
        action = pending.peek()) {
      if (render(action).equals(line)) {
        return;
      }
      pending.poll();
    }
  }

  private String render(Action action) {
    return ActionText.render(action, link -> linkNames.getOrDefault(link, link.toString()));
  }

  private static boolean isAddress(String name) {
    return name.matches("[a-z][0-9]*(/[0-9A-F]*)?");
  }

  private static String rest(String line, int words) {
    String[] parts = line.split(" +", words + 1);
    return parts.length > words ? parts[words] : "";
  }
}
