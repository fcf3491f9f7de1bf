package mqttsn.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DrainRateTest {

  private static final long MILLI = Time.SECOND / 1_000;

  private long now = 1_000 * Time.SECOND;

  @Test
  void allowsSoManyASecond() {
    DrainRate rate = new DrainRate(1_000, now);

    assertThat(takenIn(rate, 10)).isBetween(9_990, 10_020);
  }

  @Test
  void allowsASlowRateOneByOne() {
    DrainRate rate = new DrainRate(2, now);
    assertThat(takeAll(rate)).isEqualTo(1);

    now += 499 * MILLI;
    assertThat(takeAll(rate)).isZero();
    now += MILLI;
    assertThat(takeAll(rate)).isEqualTo(1);
  }

  @Test
  void doesNotMakeUpForTimeThatWasNotUsed() {
    DrainRate rate = new DrainRate(1_000, now);

    now += 3_600 * Time.SECOND;

    assertThat(takeAll(rate)).as("a tenth of a second's worth").isEqualTo(100);
  }

  @Test
  void allowsOneMoreForEachThatJoins() {
    DrainRate rate = new DrainRate(1_000, now);
    takeAll(rate);

    rate.joined();
    rate.joined();

    assertThat(takeAll(rate)).isEqualTo(2);
  }

  @Test
  void anotherRateCountsAtOnce() {
    DrainRate rate = new DrainRate(1_000, now);
    takeAll(rate);

    rate.change(100, now);

    assertThat(takenIn(rate, 10)).isBetween(990, 1_010);
    rate.change(2_000, now);
    assertThat(takenIn(rate, 10)).isBetween(19_900, 20_300);
  }

  @Test
  void tellsWhenThereIsAnAllowanceAgain() {
    DrainRate rate = new DrainRate(10, now);
    takeAll(rate);

    long next = rate.nextAllowanceAt();

    assertThat(next).isEqualTo(now + 100 * MILLI);
    rate.joined();
    assertThat(rate.nextAllowanceAt()).as("one has joined").isLessThanOrEqualTo(now);
    takeAll(rate);
    now = next;
    assertThat(takeAll(rate)).isEqualTo(1);
  }

  private int takenIn(DrainRate rate, int seconds) {
    long end = now + seconds * Time.SECOND;
    int taken = 0;
    while (now < end) {
      taken += takeAll(rate);
      now += 5 * MILLI;
    }
    return taken;
  }

  private int takeAll(DrainRate rate) {
    int taken = 0;
    while (rate.take(now)) {
      taken++;
    }
    return taken;
  }
}
