package mqttsn.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenedTest {

  private final List<String> closed = new ArrayList<>();
  private final Opened opened = new Opened();

  @Test
  void closesInTheReverseOrder() {
    opened.add(() -> closed.add("loop"));
    opened.add(() -> closed.add("socket"));
    opened.add(() -> closed.add("file"));

    opened.close();

    assertThat(closed).containsExactly("file", "socket", "loop");
  }

  @Test
  void closesTheOthersWhenOneFails() {
    opened.add(() -> closed.add("loop"));
    opened.add(
        () -> {
          throw new IllegalStateException("on purpose");
        });
    opened.add(() -> closed.add("file"));

    opened.close();

    assertThat(closed).containsExactly("file", "loop");
  }

  @Test
  void closesOnce() {
    opened.add(() -> closed.add("loop"));

    opened.close();
    opened.close();

    assertThat(closed).containsExactly("loop");
  }
}
