package mqttsn.gateway.broker.quic;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mqttsn.gateway.broker.quic.PathAction.ExchangeSocket;
import mqttsn.gateway.broker.quic.PathAction.GiveUp;
import mqttsn.gateway.broker.quic.PathAction.Ping;
import mqttsn.gateway.broker.quic.PathAction.Probe;
import mqttsn.gateway.broker.quic.PathAction.Replay;
import mqttsn.gateway.broker.quic.PathAction.Report;
import mqttsn.gateway.broker.quic.PathAction.RestartHandshake;
import mqttsn.gateway.broker.quic.PathEvent.Changed;
import mqttsn.gateway.broker.quic.PathEvent.GivenUp;
import mqttsn.gateway.broker.quic.PathEvent.Recovered;
import mqttsn.gateway.broker.quic.PathEvent.RouteLost;
import mqttsn.gateway.config.Configuration;
import mqttsn.gateway.config.QuicSettings;
import org.junit.jupiter.api.Test;

/** When a path is changed and when it is given up, in virtual time. */
final class PathPolicyTest {

  private static final QuicSettings SETTINGS = Configuration.defaults().broker().quic();

  private static final Uplink WIRE = uplink("", 1);
  private static final Uplink RADIO = uplink("", 2);
  private static final Uplink ETH = uplink("eth0", 1);
  private static final Uplink WWAN = uplink("wwan0", 2);

  /** How often the route watcher looks. */
  private static final long TICK_MILLIS = 100;

  private long nowMillis = 1_000;
  private List<Uplink> uplinks = List.of(WIRE);
  private final List<String> done = new ArrayList<>();

  @Test
  void doesNothingWhileEverythingIsAnswered() {
    PathPolicy policy = established();
    for (int i = 0; i < 100; i++) {
      exchangeAMessage(policy);
      pass(policy, 100);
    }
    assertThat(done).isEmpty();
  }

  @Test
  void followsTheRouteWithoutANewSocket() {
    PathPolicy policy = established();
    exchangeAMessage(policy);
    uplinks = List.of(RADIO);
    pass(policy, 100);
    assertThat(done)
        .containsExactly("100: 10.0.0.1 -> 10.0.0.2 route changed", "100: replay", "100: ping");
    answer(policy);
    assertThat(last()).isEqualTo("100: works after 0 ms");
  }

  @Test
  void exchangesTheSocketWhenTheRouteReturns() {
    PathPolicy policy = established();
    uplinks = List.of();
    pass(policy, 5_000);
    uplinks = List.of(RADIO);
    pass(policy, 100);
    assertThat(done)
        .containsExactly(
            "100: route lost",
            "5100: 10.0.0.1 -> 10.0.0.2 route returned",
            "5100: exchange to 10.0.0.2",
            "5100: replay",
            "5100: ping");
  }

  @Test
  void measuresTheGapFromTheFirstUnansweredDatagram() {
    PathPolicy policy = established();
    uplinks = List.of();
    write(policy);
    pass(policy, 2_000);
    uplinks = List.of(WIRE);
    pass(policy, 100);
    answer(policy);
    assertThat(last()).isEqualTo("2100: works after 2100 ms");
  }

  @Test
  void exchangesTheSocketWhenNothingComesBack() {
    PathPolicy policy = established();
    write(policy);
    pass(policy, 1_400);
    assertThat(done).isEmpty();
    pass(policy, 100);
    assertThat(done)
        .containsExactly(
            "1500: 10.0.0.1 -> 10.0.0.1 no answer",
            "1500: exchange to 10.0.0.1",
            "1500: replay",
            "1500: ping");
  }

  @Test
  void replaysTwiceASecondInTrouble() {
    PathPolicy policy = established();
    write(policy);
    pass(policy, 1_500);
    done.clear();
    pass(policy, 1_400);
    assertThat(done).containsExactly("2000: replay", "2500: replay");
  }

  @Test
  void exchangesAFewTimesAndThenTriesAHandshakeBeside() {
    PathPolicy policy = established();
    write(policy);
    pass(policy, 10_000);
    assertThat(done.stream().filter(line -> line.contains("exchange") || line.contains("probe")))
        .containsExactly(
            "1500: exchange to 10.0.0.1",
            "3000: exchange to 10.0.0.1",
            "4500: exchange to 10.0.0.1",
            "6000: probe 10.0.0.1");
  }

  @Test
  void givesUpWhenTheBrokerAnswersOthersOnly() {
    PathPolicy policy = established();
    write(policy);
    pass(policy, 6_000);
    done.clear();
    note(policy.probeDone(true, now()));
    assertThat(done).containsExactly("6000: replay", "6000: ping");
    pass(policy, 1_500);
    assertThat(done).endsWith("7500: given up after 7500 ms", "7500: give up");
  }

  @Test
  void goesOnWhenTheReplayAfterASuccessfulProbeIsAnswered() {
    PathPolicy policy = established();
    write(policy);
    pass(policy, 6_000);
    note(policy.probeDone(true, now()));
    answer(policy);
    pass(policy, 5_000);
    assertThat(done).noneMatch(line -> line.contains("give"));
  }

  @Test
  void waitsAndTriesAgainWhileTheNetworkIsDead() {
    PathPolicy policy = established();
    write(policy);
    pass(policy, 11_000);
    done.clear();
    note(policy.probeDone(false, now()));
    pass(policy, 1_600);
    assertThat(done).contains("11100: exchange to 10.0.0.1", "12600: probe 10.0.0.1");
    assertThat(done).noneMatch(line -> line.contains("give"));
  }

  @Test
  void asksForAnAnswerWhenRetransmissionsAreAllThatIsSent() {
    PathPolicy policy = established();
    policy.sent(now());
    pass(policy, 300);
    policy.sent(now());
    pass(policy, 500);
    assertThat(done).containsExactly("800: ping");
    pass(policy, 700);
    assertThat(done).contains("1500: exchange to 10.0.0.1");
  }

  @Test
  void takesASingleUnansweredDatagramForAnAcknowledgement() {
    PathPolicy policy = established();
    answer(policy);
    policy.sent(now());
    pass(policy, 10_000);
    assertThat(done).isEmpty();
  }

  @Test
  void pingsWhenNothingWasSentForTheKeepAlive() {
    PathPolicy policy = established();
    pass(policy, 15_000);
    assertThat(done).containsExactly("15000: ping");
  }

  @Test
  void changesTheSocketAfterAFailedSend() {
    PathPolicy policy = established();
    policy.sendFailed(now());
    pass(policy, 100);
    assertThat(done.get(0)).isEqualTo("100: 10.0.0.1 -> 10.0.0.1 send failed");
    assertThat(done.get(1)).isEqualTo("100: exchange to 10.0.0.1");
  }

  @Test
  void waitsForARouteAfterAFailedSendWithoutOne() {
    PathPolicy policy = established();
    uplinks = List.of();
    policy.sendFailed(now());
    pass(policy, 5_000);
    assertThat(done).containsExactly("100: route lost");
  }

  @Test
  void givesUpABrokerThatAcknowledgesButForgetsTheStream() {
    PathPolicy policy = established();
    uplinks = List.of(RADIO);
    pass(policy, 100);
    for (int i = 0; i < 70; i++) {
      write(policy);
      answer(policy);
      pass(policy, 100);
    }
    assertThat(done).contains("6100: given up after 6000 ms", "6100: give up");
  }

  @Test
  void asksWhetherTheStreamLivesWhenOnlyAcknowledgementsCome() {
    PathPolicy policy = established();
    write(policy);
    answer(policy);
    pass(policy, 6_000);
    assertThat(done).endsWith("6000: ping");
    policy.read();
    pass(policy, 1_000);
    assertThat(done).endsWith("6000: ping");
  }

  @Test
  void showsItselfToABrokerWhoseAnswerDoesNotCome() {
    PathPolicy policy = established();
    for (String expected : List.of("1500: ping", "3500: ping")) {
      write(policy);
      answer(policy);
      pass(policy, 2_000);
      assertThat(done).endsWith(expected);
      policy.read();
    }
    assertThat(done).hasSize(2);
  }

  @Test
  void takesTheNextInterfaceWhenOneIsSilent() {
    uplinks = List.of(ETH, WWAN);
    PathPolicy policy = established();
    write(policy);
    pass(policy, 1_500);
    assertThat(done).contains("1500: exchange to 10.0.0.2%wwan0");
  }

  @Test
  void takesTheNextInterfaceWhenOneIsGone() {
    uplinks = List.of(ETH, WWAN);
    PathPolicy policy = established();
    uplinks = List.of(WWAN);
    pass(policy, 100);
    assertThat(done).contains("100: exchange to 10.0.0.2%wwan0");
  }

  @Test
  void returnsToThePreferredInterfaceWhenItComesBack() {
    uplinks = List.of(WWAN);
    PathPolicy policy = established();
    uplinks = List.of(ETH, WWAN);
    pass(policy, 100);
    assertThat(done).contains("100: exchange to 10.0.0.1%eth0");
  }

  @Test
  void triesASilentPreferredInterfaceAgainAndReturnsWhenItWorks() {
    uplinks = List.of(ETH, WWAN);
    PathPolicy policy = established();
    write(policy);
    pass(policy, 1_500);
    answer(policy);
    policy.read();
    done.clear();
    for (int i = 0; i < 300; i++) {
      exchangeAMessage(policy);
      pass(policy, 100);
    }
    assertThat(done).containsExactly("31500: probe 10.0.0.1%eth0");
    note(policy.probeDone(true, now()));
    assertThat(done).contains("31500: exchange to 10.0.0.1%eth0");
  }

  @Test
  void beginsTheHandshakeAgainWhenTheRouteChangesUnderIt() {
    PathPolicy policy = new PathPolicy(SETTINGS, uplinks, now());
    policy.sent(now());
    uplinks = List.of(RADIO);
    pass(policy, 100);
    assertThat(done).containsExactly("100: restart handshake");
  }

  @Test
  void beginsASilentHandshakeAgainOnce() {
    PathPolicy policy = new PathPolicy(SETTINGS, uplinks, now());
    for (int i = 0; i < 50; i++) {
      policy.sent(now());
      pass(policy, 100);
    }
    assertThat(done).containsExactly("1500: restart handshake");
  }

  private PathPolicy established() {
    PathPolicy policy = new PathPolicy(SETTINGS, uplinks, now());
    policy.handshakeDone();
    return policy;
  }

  private void write(PathPolicy policy) {
    policy.written(now());
    policy.sent(now());
  }

  private void answer(PathPolicy policy) {
    note(policy.received(now()));
  }

  private void exchangeAMessage(PathPolicy policy) {
    write(policy);
    answer(policy);
    policy.read();
  }

  /** Time passes, and the route watcher looks. */
  private void pass(PathPolicy policy, long millis) {
    for (long passed = 0; passed < millis; passed += TICK_MILLIS) {
      nowMillis += TICK_MILLIS;
      note(policy.uplinks(uplinks, now()));
      note(policy.tick(now()));
    }
  }

  private long now() {
    return Duration.ofMillis(nowMillis).toNanos();
  }

  private String last() {
    return done.get(done.size() - 1);
  }

  private void note(List<PathAction> actions) {
    for (PathAction action : actions) {
      done.add((nowMillis - 1_000) + ": " + text(action));
    }
  }

  private static String text(PathAction action) {
    if (action instanceof Report report) {
      return text(report.event());
    } else if (action instanceof ExchangeSocket exchange) {
      return "exchange to " + exchange.to();
    } else if (action instanceof Probe probe) {
      return "probe " + probe.on();
    } else if (action instanceof Replay) {
      return "replay";
    } else if (action instanceof Ping) {
      return "ping";
    } else if (action instanceof RestartHandshake) {
      return "restart handshake";
    } else if (action instanceof GiveUp) {
      return "give up";
    }
    throw new AssertionError(action);
  }

  private static String text(PathEvent event) {
    if (event instanceof Changed changed) {
      return changed.from() + " -> " + changed.to() + " " + changed.why();
    } else if (event instanceof Recovered recovered) {
      return "works after " + recovered.gap().toMillis() + " ms";
    } else if (event instanceof RouteLost) {
      return "route lost";
    } else if (event instanceof GivenUp givenUp) {
      return "given up after " + givenUp.silence().toMillis() + " ms";
    }
    throw new AssertionError(event);
  }

  private static Uplink uplink(String interfaceName, int number) {
    try {
      return new Uplink(
          interfaceName, InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) number}));
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
