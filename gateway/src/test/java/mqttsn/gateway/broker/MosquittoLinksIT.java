package mqttsn.gateway.broker;

import static mqttsn.gateway.broker.LinksOnLoop.transientSession;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import mqttsn.gateway.session.Action.Farewell;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerConnect.Attempts;
import mqttsn.gateway.testing.MosquittoBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("machine")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MosquittoLinksIT extends BrokerLinksContract {

  private MosquittoBroker broker;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    broker = MosquittoBroker.start(directory);
  }

  @AfterAll
  void stop() {
    broker.close();
  }

  @Override
  String url() {
    return broker.url();
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "3.1.1"})
  void endsATransientSessionWithItsFarewell(String version) throws IOException {
    try (LinksOnLoop links = links(version, url())) {
      links.connect(LINK, transientSession("transient"));
      links.close(LINK, Farewell.END_SESSION);
      BrokerConnect again =
          new BrokerConnect("transient", false, false, 30, 100, null, 30, Attempts.ONE_ROUND);

      assertThat(links.connect(LINK, again).sessionPresent()).isFalse();
    }
  }
}
