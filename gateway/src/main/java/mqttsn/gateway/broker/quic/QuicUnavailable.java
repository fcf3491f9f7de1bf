package mqttsn.gateway.broker.quic;

import io.netty.handler.codec.quic.Quic;

/** This machine has no native QUIC library: brokers can only be reached over TCP. */
public final class QuicUnavailable extends QuicFailure {

  private static final long serialVersionUID = 1;

  private QuicUnavailable() {
    super(
        "mqtt-quic is not available on "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.arch")
            + ": no native library (there is one for Linux with glibc on x86_64 and aarch64)");
  }

  /**
   * Makes sure that brokers can be reached over QUIC.
   *
   * @throws QuicUnavailable if the native library is missing or does not load
   */
  public static void check() throws QuicUnavailable {
    if (!Quic.isAvailable()) {
      throw new QuicUnavailable();
    }
  }
}
