package mqttsn.daemon.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WatchdogTest {
  @Test
  void readsHowOftenItWantsToBeFed() {
    assertThat(Notifier.watchdogNanos(Map.of("WATCHDOG_USEC", "30000000"), 42))
        .isEqualTo(30_000_000_000L);
    assertThat(Notifier.watchdogNanos(Map.of("WATCHDOG_USEC", "1000", "WATCHDOG_PID", "42"), 42))
        .isEqualTo(1_000_000L);
  }

  @Test
  void isOffWithoutANumberOrForAnotherProcess() {
    assertThat(Notifier.watchdogNanos(Map.of(), 42)).isZero();
    assertThat(Notifier.watchdogNanos(Map.of("WATCHDOG_USEC", "soon"), 42)).isZero();
    assertThat(Notifier.watchdogNanos(Map.of("WATCHDOG_USEC", "1000", "WATCHDOG_PID", "7"), 42))
        .isZero();
  }
}
