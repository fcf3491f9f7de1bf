package mqttsn.gateway;

import mqttsn.daemon.process.CommandLineProgram;

/** The program {@code mqttsn-gateway}. */
public final class Main {

  private Main() {}

  /** Does what the arguments say and ends the process. */
  public static void main(String... args) {
    CommandLineProgram.main(new GatewayProgram(), args);
  }
}
