package mqttsn.gateway.client;

import java.io.IOException;
import java.nio.file.Path;
import mqttsn.gateway.testing.MosquittoBroker;
import org.junit.jupiter.api.Tag;

@Tag("machine")
class MosquittoClientIT extends ClientContract {

  @Override
  RunningBroker startBroker(Path folder) throws IOException {
    MosquittoBroker broker = MosquittoBroker.start(folder);
    return new RunningBroker(broker.url(), broker::close);
  }
}
