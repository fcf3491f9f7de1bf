package mqttsn.gateway.client;

import java.io.IOException;
import java.nio.file.Path;
import mqttsn.gateway.demo.EmbeddedBroker;

class EmbeddedBrokerClientIT extends ClientContract {

  @Override
  RunningBroker startBroker(Path folder) throws IOException {
    EmbeddedBroker broker = EmbeddedBroker.start();
    return new RunningBroker(broker.url(), broker::close);
  }
}
