package mqttsn.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import mqttsn.codec.Octets;
import mqttsn.gateway.session.ClientAddress;
import mqttsn.gateway.session.SessionView;
import mqttsn.gateway.session.State;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ListAnswersTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final InetSocketAddress SOCKET =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711);

  private static SessionView view(
      String clientId, @Nullable Octets nodeId, State state, long wakesInNanos) {
    return new SessionView(
        clientId,
        new ClientAddress(0, SOCKET, nodeId),
        state,
        Duration.ofSeconds(5).toNanos(),
        wakesInNanos,
        60,
        true,
        3,
        120,
        2,
        1,
        true);
  }

  @Test
  void tellsEverythingAboutAClient() {
    SessionView sleeper =
        view("pump-1", Octets.hex("0A0B"), State.ASLEEP, Duration.ofMinutes(1).toNanos());
    assertThat(ListAnswers.clients(List.of(sleeper), NOW))
        .isEqualTo(
            """
            {"at":"2026-01-02T03:04:05.678Z","clients":[{"clientId":"pump-1",\
            "address":"127.0.0.1:4711/0A0B","state":"asleep",\
            "lastSeen":"2026-01-02T03:04:00.678Z","sleepingUntil":"2026-01-02T03:05:05.678Z",\
            "keepAliveSeconds":60,"cleanSession":true,"waitingMessages":3,"waitingBytes":120,\
            "topics":2,"subscriptions":1,"brokerUp":true}]}
            """);
  }

  @Test
  void tellsNoTimeOfWakingForWhoIsAwakeOrLate() {
    SessionView active = view("pump-1", null, State.ACTIVE, 0);
    assertThat(ListAnswers.clients(List.of(active), NOW)).contains("\"sleepingUntil\":null");
  }

  @Test
  void tellsOfTenThousandClientsAtOnce() {
    List<SessionView> views =
        IntStream.range(0, 10_000)
            .mapToObj(i -> view("<client " + i + ">", null, State.ACTIVE, 0))
            .toList();
    assertThat(ListAnswers.clients(views, NOW).split("\"clientId\":\"\\\\u003cclient ", -1))
        .hasSize(10_001);
  }
}
