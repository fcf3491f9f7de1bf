package mqttsn.gateway.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import mqttsn.daemon.config.Binder;
import mqttsn.daemon.config.ConfigurationException;
import mqttsn.gateway.config.Configuration;

/** Any text gives a configuration, or an error of one line that names the file. */
class ConfigurationFuzzTest {

  @FuzzTest(maxDuration = "1m")
  void bindsAnything(byte[] content) {
    String text = new String(content, StandardCharsets.UTF_8);
    try {
      assertThat(Binder.bind(text, "gateway.yaml", Configuration.class)).isNotNull();
    } catch (ConfigurationException e) {
      assertThat(e.getMessage()).startsWith("gateway.yaml").doesNotContain("\n");
    }
  }
}
