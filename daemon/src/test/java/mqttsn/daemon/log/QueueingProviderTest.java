package mqttsn.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import org.tinylog.Level;
import org.tinylog.provider.ProviderRegistry;

class QueueingProviderTest {
  private final QueueingProvider provider = new QueueingProvider();

  @AfterEach
  void backToInfo() {
    Log.level(Level.INFO);
  }

  @Test
  void isWhatTinylogFinds() {
    assertThat(ProviderRegistry.getLoggingProvider()).isInstanceOf(QueueingProvider.class);
  }

  @Test
  void changesTheLevelWhileItRuns() {
    assertThat(provider.isEnabled(1, null, Level.DEBUG)).isFalse();
    assertThat(provider.isEnabled(1, null, Level.INFO)).isTrue();

    Log.level(Level.DEBUG);
    assertThat(provider.isEnabled(1, null, Level.DEBUG)).isTrue();

    Log.level(Level.ERROR);
    assertThat(provider.isEnabled(1, null, Level.WARN)).isFalse();
  }

  /** A library is told apart by the class that calls: here the caller of this very method. */
  @ParameterizedTest
  @CsvSource({
    "INFO,INFO,false",
    "INFO,WARN,true",
    "DEBUG,INFO,true",
    "DEBUG,DEBUG,true",
    "ERROR,WARN,false"
  })
  void letsLibrariesSpeakFromWarnUnlessDebugging(Level level, Level spoken, boolean passes) {
    Log.level(level);

    assertThat(provider.isEnabled(QueueingProviderTest.class.getName(), null, spoken))
        .isEqualTo(passes);
  }

  @Test
  void takesTheLinesOfSlf4j() {
    assertThat(LoggerFactory.getLogger("mqttsn.test").isInfoEnabled()).isTrue();
    assertThat(LoggerFactory.getLogger("mqttsn.test").isDebugEnabled()).isFalse();
  }
}
