package mqttsn.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import mqttsn.codec.Encapsulated;
import mqttsn.codec.Encapsulation;
import mqttsn.codec.Message;
import mqttsn.codec.Octets;
import mqttsn.codec.text.MessageText;
import org.jspecify.annotations.Nullable;

/**
 * Plays a scenario file against the core in virtual time. Every line is a stimulus or an
 * expectation; what a stimulus causes must be expected by the lines after it, in order and
 * completely (notices and tallies only when they are named).
 *
 * <pre>
 * # a comment; the first one is the title
 * given t-retry=5s               settings, before anything else
 * a&gt; CONNECT clientId=s1         a message from address a (f/01: node 01 behind forwarder f)
 * a&lt; CONNACK returnCode=accepted
 * s1 opens cleanStart             the broker link of the client s1 (or "gateway")
 * s1&gt; connected sessionPresent   an event of that link
 * s1&lt; PUBLISH id=1 topic=t qos=1 "21"
 * s1 closes end-session
 * all&lt; ADVERTISE gwId=1 duration=900    a broadcast
 * drop buffer-full                 also: refusal REASON, tally NAME, tells EVENT CLIENT
 * wait 30s                         virtual time; timers fire in it
 * connect a s1 duration=60         CONNECT, the broker accepts, CONNACK
 * stop                             the gateway stops
 * sessions 1                       how many sessions there are
 * state s1 asleep                  the state of the client s1
 * reload rate=10                   other settings from now on
 * </pre>
 */
final class Scenario {

  private final TestSettings settings = new TestSettings();
  private final Deque<Action> pending = new ArrayDeque<>();
  private final Map<BrokerLink, String> linkNames = new HashMap<>();
  private final Map<String, BrokerLink> links = new HashMap<>();
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

  private void step(String line) {
    String[] words = line.split(" +");
    if (words[0].equals("given")) {
      set(words[1]);
    } else if (words[0].endsWith(">")) {
      stimulus(words[0].substring(0, words[0].length() - 1), rest(line, 1));
    } else if (words[0].endsWith("<")) {
      expectSent(words[0].substring(0, words[0].length() - 1), rest(line, 1));
    } else {
      other(line, words);
    }
  }

  private void other(String line, String[] words) {
    switch (words[0]) {
      case "wait" -> passTime(TestSettings.nanos(words[1]));
      case "connect" -> connect(words[1], words[2], rest(line, 3));
      case "stop" -> perform(() -> core().stop(now));
      case "sessions" -> assertThat(core().sessions()).isEqualTo(Integer.parseInt(words[1]));
      case "state" -> assertThat(stateOf(words[1])).isEqualTo(words[2]);
      case "reload" -> {
        set(words[1]);
        perform(() -> core().reconfigure(settings.build(), now));
      }
      case "drop", "refusal", "tally" -> expectCounted(words[0], words[1]);
      case "tells" -> expectTold(words[1], words[2]);
      default -> {
        if (words[1].equals("opens")) {
          expectOpens(words[0], rest(line, 1));
        } else if (words[1].equals("closes")) {
          expectCloses(words[0], words[2]);
        } else {
          throw new IllegalArgumentException("not understood");
        }
      }
    }
  }

  private void set(String setting) {
    settings.with(
        setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
  }

  private String stateOf(String clientId) {
    return core().views(now).stream()
        .filter(view -> view.clientId().equals(clientId))
        .map(view -> Labels.of(view.state()))
        .findAny()
        .orElse("unknown");
  }

  private void stimulus(String from, String what) {
    Gateway core = core();
    if (!isAddress(from)) {
      BrokerLink link = Objects.requireNonNull(links.get(from), from);
      perform(() -> core.fromBroker(link, BrokerText.parse(what), now));
      return;
    }
    ClientAddress address = Addresses.of(from);
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
      pending.addAll(core().timeout(now));
    }
    now = end;
  }

  private void perform(java.util.function.Supplier<List<Action>> input) {
    expectNothingMore();
    pending.addAll(input.get());
    for (Action action : pending) {
      if (action instanceof Action.OpenLink open) {
        String name = open.connect().clientId();
        linkNames.putIfAbsent(open.link(), name);
        links.put(linkNames.getOrDefault(open.link(), name), open.link());
      }
    }
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

  // --- expectations ---------------------------------------------------------------------------

  private void expectSent(String to, String what) {
    Action action = next();
    if (to.equals("all") && action instanceof Action.Broadcast broadcast) {
      assertThat(MessageText.render(broadcast.message()) + radius(broadcast.radius()))
          .isEqualTo(what);
    } else if (action instanceof Action.BroadcastVia broadcast) {
      assertThat(to).isEqualTo(Addresses.name(broadcast.via()) + "*");
      assertThat(MessageText.render(broadcast.message()) + radius(broadcast.radius()))
          .isEqualTo(what);
    } else if (action instanceof Action.Send send) {
      assertThat(Addresses.name(send.address()) + "< " + MessageText.render(send.message()))
          .isEqualTo(to + "< " + what);
    } else if (action instanceof Action.Command command) {
      assertThat(linkNames.get(command.link()) + "< " + BrokerText.render(command.command()))
          .isEqualTo(to + "< " + what);
    } else {
      fail("but there was " + action);
    }
  }

  private static String radius(int radius) {
    return radius == 0 ? "" : " radius=" + radius;
  }

  private void expectOpens(String link, String what) {
    Action action = next();
    if (action instanceof Action.OpenLink open) {
      String rendered = linkNames.get(open.link()) + " " + BrokerText.render(open.connect());
      assertThat(rendered + (what.contains("expiry=") ? BrokerText.limits(open.connect()) : ""))
          .isEqualTo(link + " " + what);
    } else {
      fail("but there was " + action);
    }
  }

  private void expectCloses(String link, String farewell) {
    Action action = next();
    if (action instanceof Action.CloseLink close) {
      assertThat(linkNames.get(close.link()) + " " + Labels.of(close.farewell()))
          .isEqualTo(link + " " + farewell);
    } else {
      fail("but there was " + action);
    }
  }

  private void expectCounted(String kind, String label) {
    skipOptionalUnless(
        action -> kind.equals("tally") && action instanceof Action.Tally t && is(t, label));
    Action action = pending.poll();
    String found =
        action instanceof Action.Drop drop
            ? "drop " + drop.label()
            : action instanceof Action.Refusal refusal
                ? "refusal " + refusal.label()
                : action instanceof Action.Tally tally
                    ? "tally " + Labels.of(tally)
                    : String.valueOf(action);
    assertThat(found).isEqualTo(kind + " " + label);
  }

  private void expectTold(String event, String clientId) {
    skipOptionalUnless(
        action ->
            action instanceof Action.Tell tell
                && is(tell.notice().event(), event)
                && tell.notice().clientId().equals(clientId));
    assertThat(pending.poll()).isInstanceOf(Action.Tell.class);
  }

  private static boolean is(Enum<?> constant, String label) {
    return Labels.of(constant).equals(label.toLowerCase(Locale.ROOT));
  }

  private void skipOptionalUnless(java.util.function.Predicate<Action> wanted) {
    while (!pending.isEmpty() && isOptional(pending.peek()) && !wanted.test(pending.peek())) {
      pending.poll();
    }
  }

  private Action next() {
    skipOptionalUnless(action -> false);
    Action action = pending.poll();
    if (action == null) {
      return fail("but there was nothing");
    }
    return action;
  }

  private void expectNothingMore() {
    skipOptionalUnless(action -> false);
    assertThat(pending).as("nothing more happens").isEmpty();
  }

  private static boolean isOptional(Action action) {
    return action instanceof Action.Tell || action instanceof Action.Tally;
  }

  private static boolean isAddress(String name) {
    return name.matches("[a-z][0-9]*(/[0-9A-F]*)?");
  }

  private static String rest(String line, int words) {
    String[] parts = line.split(" +", words + 1);
    return parts.length > words ? parts[words] : "";
  }
}
