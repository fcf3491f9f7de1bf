package mqttsn.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import mqttsn.daemon.testing.ProcessOutput;
import mqttsn.gateway.testing.GatewayProcess;
import mqttsn.gateway.testing.Namespaces;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Discovery (§6.1) in a network: a gateway with two interfaces, a client on each of them. */
@Tag("machine")
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DiscoveryNetworkIT {

  private static final int LISTEN_PORT = 1884;
  private static final int MAX_HOPS = 9;

  /** What the kernel gives to what is no multicast. */
  private static final int DEFAULT_HOPS = 64;

  /** A group and its port. */
  private enum Group {
    IPV4("239.255.77.1", 2001),
    SITE("ff15::77:1", 2002),
    LINK("ff02::77:1", 2003),
    BROADCAST("255.255.255.255", 2004);

    private final String address;
    private final int port;

    Group(String address, int port) {
      this.address = address;
      this.port = port;
    }

    int hops(int radius) {
      return this == BROADCAST ? DEFAULT_HOPS : radius == 0 ? MAX_HOPS : radius;
    }

    @Override
    public String toString() {
      return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port;
    }
  }

  private final Path folder;
  private final Namespaces namespaces = new Namespaces();
  private final List<Process> processes = new ArrayList<>();
  private final String gateway;
  private final List<String> clients = new ArrayList<>();
  private final Map<Group, List<ProcessOutput>> membersBefore = new EnumMap<>(Group.class);
  private final GatewayProcess program;

  DiscoveryNetworkIT(@TempDir Path folder) throws Exception {
    this.folder = folder;
    gateway = namespaces.add("gw");
    for (int i = 1; i <= 2; i++) {
      String client = namespaces.add("client" + i);
      namespaces.connect(gateway, "10.77." + i + ".1/24", client, "10.77." + i + ".2/24");
      clients.add(client);
    }
    await().until(() -> Namespaces.isSettled(gateway));
    for (String client : clients) {
      await().until(() -> Namespaces.isSettled(client));
    }
    for (Group group : Group.values()) {
      membersBefore.put(group, List.of(member(0, group, "", 1), member(1, group, "", 1)));
    }
    startTheBroker();
    program = startTheGateway();
    program.awaitLine(" is up");
  }

  private void startTheBroker() throws IOException {
    Path configuration =
        Files.writeString(
            folder.resolve("mosquitto.conf"), "listener 1883 127.0.0.1\nallow_anonymous true\n");
    start(gateway, "/usr/sbin/mosquitto", "-c", configuration.toString());
  }

  private GatewayProcess startTheGateway() throws IOException {
    String groups =
        Arrays.stream(Group.values())
            .map(group -> '"' + group.toString() + '"')
            .collect(Collectors.joining(", ", "[", "]"));
    Path file =
        Files.writeString(
            folder.resolve("gateway.yaml"),
            """
            sensors: {listen: ["[::]:%d"]}
            discovery: {groups: %s, interface: auto, max-hops: %d}
            admin: {listen: null}
            """
                .formatted(LISTEN_PORT, groups, MAX_HOPS));
    return GatewayProcess.start(Namespaces.prefix(gateway), "run", "--config", file.toString());
  }

  /** A member of the group in a client's namespace, which has joined it. */
  private ProcessOutput member(int client, Group group, String hex, int count) throws IOException {
    Path script = folder.resolve("group-member.py");
    if (!Files.exists(script)) {
      try (InputStream source = DiscoveryNetworkIT.class.getResourceAsStream("group-member.py")) {
        Files.copy(source, script);
      }
    }
    Process process =
        start(
            clients.get(client),
            "/usr/bin/python3",
            script.toString(),
            group.address,
            "" + group.port,
            "gw",
            hex,
            "" + count);
    ProcessOutput lines = ProcessOutput.of(process.inputReader(StandardCharsets.UTF_8));
    assertThat(lines.next()).isEqualTo("joined");
    return lines;
  }

  private Process start(String namespace, String... command) throws IOException {
    List<String> all = new ArrayList<>(Namespaces.prefix(namespace));
    all.addAll(List.of(command));
    Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
    processes.add(process);
    return process;
  }

  @AfterAll
  void stop() throws Exception {
    program.close();
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
    namespaces.close();
  }

  @ParameterizedTest
  @EnumSource
  void advertisesOnEachInterfaceFromItsListenAddress(Group group) throws IOException {
    for (ProcessOutput member : Objects.requireNonNull(membersBefore.get(group))) {
      assertThat(member.next())
          .isEqualTo("0500010384 " + LISTEN_PORT + " " + group.hops(0) + " group");
    }
  }

  @ParameterizedTest
  @CsvSource({"IPV4, 3", "IPV4, 0", "SITE, 3", "SITE, 0", "LINK, 1", "BROADCAST, 3"})
  void answersToTheGroupWithTheRadiusAndToTheAsker(Group group, int radius) throws IOException {
    ProcessOutput bystander = member(1, group, "", 1);
    ProcessOutput asker = member(0, group, "03010" + radius, 2);

    String toTheGroup = "030201 " + LISTEN_PORT + " " + group.hops(radius) + " group";
    assertThat(bystander.next()).isEqualTo(toTheGroup);
    assertThat(List.of(asker.next(), asker.next()))
        .containsExactlyInAnyOrder(
            toTheGroup, "030201 " + LISTEN_PORT + " " + DEFAULT_HOPS + " me");
  }
}
