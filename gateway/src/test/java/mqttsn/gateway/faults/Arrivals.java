package mqttsn.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Payloads "ClientId:number" as they arrived, and what must be true of them. */
final class Arrivals {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<String> payloads = new ArrayList<>();

  synchronized void add(String payload) {
    payloads.add(payload);
    notifyAll();
  }

  /** Returns when this one has arrived. */
  synchronized void awaitOne(String payload) throws InterruptedException {
    while (!payloads.contains(payload)) {
      wait();
    }
  }

  private synchronized List<String> all() {
    return List.copyOf(payloads);
  }

  /** Waits until all of these have arrived. */
  void awaitAll(Set<String> acknowledged) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              Set<String> missing = new TreeSet<>(acknowledged);
              missing.removeAll(new HashSet<>(all()));
              assertThat(missing.stream().limit(10))
                  .as("%s acknowledged messages that have not arrived", missing.size())
                  .isEmpty();
            });
  }

  /**
   * The messages of these clients arrived in the order of their numbers, apart from repetitions.
   */
  void assertOrder(Collection<String> clientIds) {
    Map<String, Integer> last = new HashMap<>();
    for (String payload : new LinkedHashSet<>(all())) {
      if (clientIds.contains(clientOf(payload))) {
        int number = Integer.parseInt(payload.substring(payload.indexOf(':') + 1));
        Integer before = last.put(clientOf(payload), number);
        assertThat(number)
            .as("the number of %s", payload)
            .isGreaterThan(before == null ? -1 : before);
      }
    }
  }

  /** No message of these clients arrived twice. */
  void assertOnce(Collection<String> clientIds) {
    List<String> theirs =
        all().stream().filter(payload -> clientIds.contains(clientOf(payload))).toList();
    assertThat(theirs).as("messages that arrive once").doesNotHaveDuplicates();
  }

  private static String clientOf(String payload) {
    return payload.substring(0, Math.max(0, payload.indexOf(':')));
  }
}
