package mqttsn.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadAheadTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 255, 256, 257, 5_000})
  void givesEverythingInOrder(int count) {
    List<Integer> all = IntStream.range(0, count).boxed().toList();

    try (ReadAhead<Integer> ahead = new ReadAhead<>("reader", all.iterator())) {
      assertThat(ahead).containsExactlyElementsOf(all);
    }
  }

  @Test
  void failsAsTheSourceDoes() {
    Iterator<Integer> source =
        IntStream.range(0, 1_000)
            .peek(
                i -> {
                  if (i == 700) {
                    throw new IllegalArgumentException("on purpose");
                  }
                })
            .iterator();

    try (ReadAhead<Integer> ahead = new ReadAhead<>("reader", source)) {
      assertThatThrownBy(() -> ahead.forEach(element -> {})).hasRootCauseMessage("on purpose");
    }
  }

  @Test
  void readsNoMoreThanSomeSlicesAheadAndNothingOnceItIsClosed() {
    AtomicInteger read = new AtomicInteger();
    Iterator<Integer> endless = IntStream.generate(read::incrementAndGet).iterator();
    ReadAhead<Integer> ahead = new ReadAhead<>("reader", endless);
    Iterator<Integer> elements = ahead.iterator();
    assertThat(elements.hasNext()).isTrue();
    assertThat(elements.next()).isEqualTo(1);

    ahead.close();

    assertThat(read.get()).isLessThan(10_000);
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("reader"));
  }
}
