package mqttsn.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QueueClientsTest {

  private final QueueClients clients = new QueueClients();

  @Test
  void numbersAClientAsLongAsItHasMessages() {
    assertThat(clients.of("a")).isEqualTo(QueueClients.NONE);

    int a = clients.enter("a");

    assertThat(clients.enter("a")).isEqualTo(a);
    assertThat(clients.of("a")).isEqualTo(a);
    clients.leave(a);
    assertThat(clients.of("a")).as("one is left").isEqualTo(a);
    clients.leave(a);
    assertThat(clients.of("a")).isEqualTo(QueueClients.NONE);
  }

  @Test
  void givesNumbersThatAreFreeToOthers() {
    int a = clients.enter("a");
    int b = clients.enter("b");
    assertThat(b).isNotEqualTo(a);

    clients.leave(a);

    assertThat(clients.enter("c")).isEqualTo(a);
    assertThat(clients.of("b")).isEqualTo(b);
    assertThat(clients.enter("d")).isNotEqualTo(a).isNotEqualTo(b);
  }

  @Test
  void countsForEachClientWhatWaits() {
    int a = clients.enter("a");
    int b = clients.enter("b");
    clients.beginWaiting(a);
    clients.beginWaiting(a);

    clients.endWaiting(a);

    assertThat(clients.waits(a)).isTrue();
    assertThat(clients.waits(b)).isFalse();
    clients.endWaiting(a);
    assertThat(clients.waits(a)).isFalse();
    assertThat(clients.waits(QueueClients.NONE)).isFalse();
  }

  @Test
  void growsWithTheClients() {
    for (int i = 0; i < 1_000; i++) {
      clients.beginWaiting(clients.enter("client " + i));
    }

    for (int i = 0; i < 1_000; i++) {
      int client = clients.of("client " + i);
      assertThat(client).isEqualTo(i);
      assertThat(clients.waits(client)).isTrue();
    }
  }
}
