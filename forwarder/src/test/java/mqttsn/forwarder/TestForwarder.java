package mqttsn.forwarder;

import java.net.InetSocketAddress;
import mqttsn.forwarder.net.ForwarderShell;

/** A forwarder in the hands of a test. */
record TestForwarder(RunningForwarder running) implements AutoCloseable {

  ForwarderShell shell() {
    return running.shell();
  }

  /** Where nodes are heard: the first address. */
  InetSocketAddress address() {
    return shell().listening().get(0);
  }

  int port() {
    return address().getPort();
  }

  @Override
  public void close() {
    running.stop();
  }
}
