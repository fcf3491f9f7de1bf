package mqttsn.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mqttsn.daemon.testing.ProcessOutput;
import mqttsn.gateway.testing.GatewayProcess;
import mqttsn.gateway.testing.MosquittoBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The distributed program between software that shares no code with it. */
@Tag("machine")
@Timeout(120)
class ForeignSoftwareIT {

  @TempDir Path folder;

  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void stop() {
    processes.forEach(Process::destroyForcibly);
  }

  private ProcessOutput start(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    processes.add(process);
    return ProcessOutput.of(process.inputReader(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, 127.0.0.1", "[::1], ::1"})
  void relaysBetweenScapyAndMosquittosOwnClients(String listen, String host) throws Exception {
    Path script = folder.resolve("scapy-client.py");
    try (InputStream source = ForeignSoftwareIT.class.getResourceAsStream("scapy-client.py")) {
      Files.copy(source, script);
    }
    Files.writeString(folder.resolve("topics.csv"), "*, scapy/status, 10\n");
    try (MosquittoBroker broker = MosquittoBroker.start(folder);
        GatewayProcess gateway = startTheGateway(listen, broker)) {
      gateway.awaitLine(" is up");
      String port = Integer.toString(broker.port());
      ProcessOutput subscriber =
          start(
              "stdbuf", "-oL", "mosquitto_sub", "-d", "-v", "-p", port, "-q", "1", "-t", "scapy/#");
      subscriber.nextWith("Subscribed");

      ProcessOutput client =
          start("/usr/bin/python3", script.toString(), host, "" + gateway.address().getPort());
      client.nextWith("subscribed");
      subscriber.nextWith("scapy/up 21.5");
      subscriber.nextWith("scapy/status on");
      ProcessOutput unused =
          start("mosquitto_pub", "-p", port, "-q", "1", "-t", "scapy/down", "-m", "open");

      assertThat(client.next()).isEqualTo("open");
    }
  }

  private GatewayProcess startTheGateway(String listen, MosquittoBroker broker) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("gateway.yaml"),
            """
            sensors: {listen: ["%s:0"]}
            topics: {predefined: topics.csv}
            broker: {urls: ["%s"]}
            admin: {listen: null}
            """
                .formatted(listen, broker.url()));
    return GatewayProcess.start("run", "--config", file.toString());
  }
}
