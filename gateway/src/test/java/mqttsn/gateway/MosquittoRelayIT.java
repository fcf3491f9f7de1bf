package mqttsn.gateway;

import java.io.IOException;
import java.nio.file.Path;
import mqttsn.gateway.testing.MosquittoBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@Tag("machine")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MosquittoRelayIT extends RelayContract {

  private MosquittoBroker broker;

  @BeforeAll
  void startTheBroker(@TempDir Path directory) throws IOException {
    broker = MosquittoBroker.start(directory);
  }

  @AfterAll
  void stopTheBroker() {
    broker.close();
  }

  @Override
  String url() {
    return broker.url();
  }
}
