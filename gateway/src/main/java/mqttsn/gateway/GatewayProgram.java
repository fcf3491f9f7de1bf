package mqttsn.gateway;

import java.io.IOException;
import java.util.List;
import mqttsn.daemon.config.ConfigurationException;
import mqttsn.daemon.process.Lifecycle;
import mqttsn.daemon.process.Program;
import mqttsn.gateway.client.PubCommand;
import mqttsn.gateway.client.SubCommand;
import mqttsn.gateway.config.Configuration;
import mqttsn.gateway.demo.DemoCommand;
import mqttsn.gateway.probe.ProbeCommand;

/** The gateway as a program: what its command line offers. */
final class GatewayProgram implements Program<Configuration> {

  @Override
  public String name() {
    return "mqttsn-gateway";
  }

  @Override
  public String description() {
    return "A gateway between MQTT-SN clients and an MQTT broker.";
  }

  @Override
  public Class<Configuration> configurationType() {
    return Configuration.class;
  }

  @Override
  public String configurationFile() {
    return "gateway.yaml";
  }

  @Override
  public List<Object> moreCommands() {
    return List.of(new PubCommand(), new SubCommand(), new DemoCommand(), new ProbeCommand());
  }

  @Override
  public void check(Configuration configuration) throws ConfigurationException {
    RunningGateway.check(configuration);
  }

  @Override
  public RunningGateway start(Configuration configuration, Lifecycle lifecycle)
      throws ConfigurationException, IOException {
    return RunningGateway.start(configuration, lifecycle.inheritedSockets());
  }
}
