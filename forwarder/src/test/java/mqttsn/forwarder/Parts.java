package mqttsn.forwarder;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import mqttsn.daemon.config.Binder;
import mqttsn.daemon.config.ConfigurationException;
import mqttsn.forwarder.config.Configuration;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What a test opens; it is closed after the test, the last part first. */
final class Parts implements AfterEachCallback {

  private final List<AutoCloseable> open = new ArrayList<>();

  <T extends AutoCloseable> T add(T part) {
    open.add(part);
    return part;
  }

  /** Closes a part before the test ends. */
  void close(AutoCloseable part) throws Exception {
    open.remove(part);
    part.close();
  }

  TestSocket socket(String host) throws IOException {
    return add(new TestSocket(host));
  }

  /** A forwarder without an admin server. */
  TestForwarder forwarder(String yaml) throws ConfigurationException, IOException {
    String file = yaml + "admin: {listen: null}\n";
    return add(new TestForwarder(Main.start(Binder.bind(file, "test.yaml", Configuration.class))));
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
    open.clear();
  }
}
