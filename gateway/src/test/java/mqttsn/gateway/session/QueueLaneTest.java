package mqttsn.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class QueueLaneTest {

  /** More than the lane holds in one piece. */
  private static final int MANY = 2_000;

  private final QueueLane lane = new QueueLane();

  @Test
  void tellsTheFirstMessageWithAllThatBelongsToIt() {
    lane.add(7, 70, 700, 3);
    lane.add(8, 80, 800, 4);

    assertThat(lane.number()).isEqualTo(7);
    assertThat(lane.enteredAt()).isEqualTo(70);
    assertThat(lane.bytes()).isEqualTo(700);
    assertThat(lane.client()).isEqualTo(3);
    lane.remove();
    assertThat(lane.number()).isEqualTo(8);
    assertThat(lane.enteredAt()).isEqualTo(80);
    assertThat(lane.bytes()).isEqualTo(800);
    assertThat(lane.client()).isEqualTo(4);
  }

  @Test
  void keepsTheOrderOfMany() {
    addMany();

    assertThat(numbers())
        .containsExactlyElementsOf(LongStream.rangeClosed(1, MANY).boxed().toList());
  }

  @Test
  void isEmptyWhenAllAreTakenAndGoesOn() {
    addMany();
    assertThat(numbers()).hasSize(MANY);
    assertThat(lane.isEmpty()).isTrue();

    lane.add(MANY + 1, 0, 0, 0);

    assertThat(numbers()).containsExactly(MANY + 1L);
  }

  @Test
  void leavesOutWhatIsCancelledWhereverItIs() {
    addMany();

    assertThat(lane.cancel(1)).isTrue();
    assertThat(lane.cancel(2)).isTrue();
    assertThat(lane.cancel(1_000)).isTrue();
    assertThat(lane.cancel(MANY)).isTrue();

    assertThat(numbers())
        .hasSize(MANY - 4)
        .startsWith(3L)
        .doesNotContain(1_000L)
        .endsWith(MANY - 1L);
  }

  @Test
  void cancelsOnlyWhatIsThere() {
    lane.add(5, 0, 0, 0);
    lane.add(6, 0, 0, 0);
    lane.remove();

    assertThat(lane.cancel(5)).as("taken already").isFalse();
    assertThat(lane.cancel(7)).as("never there").isFalse();
    assertThat(lane.cancel(6)).isTrue();
    assertThat(lane.cancel(6)).as("for the second time").isFalse();
    assertThat(lane.isEmpty()).isTrue();
  }

  private void addMany() {
    for (int number = 1; number <= MANY; number++) {
      lane.add(number, 0, 0, 0);
    }
  }

  private List<Long> numbers() {
    List<Long> numbers = new ArrayList<>();
    while (!lane.isEmpty()) {
      numbers.add(lane.number());
      lane.remove();
    }
    return numbers;
  }
}
