package mqttsn.gateway.broker;

import java.io.IOException;
import mqttsn.gateway.demo.EmbeddedBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EmbeddedBrokerLinksIT extends BrokerLinksContract {

  private EmbeddedBroker broker;

  @BeforeAll
  void start() throws IOException {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  void stop() {
    broker.close();
  }

  @Override
  String url() {
    return broker.url();
  }
}
