package mqttsn.gateway;

import java.io.IOException;
import mqttsn.gateway.demo.EmbeddedBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EmbeddedBrokerRelayIT extends RelayContract {

  private EmbeddedBroker broker;

  @BeforeAll
  void startTheBroker() throws IOException {
    broker = EmbeddedBroker.start();
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
