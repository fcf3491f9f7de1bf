package mqttsn.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mqttsn.gateway.demo.EmbeddedBroker;
import mqttsn.gateway.testing.RawClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The status page in headless Chromium, with a gateway behind it. */
@Tag("machine")
@Timeout(180)
class StatusPageIT {

  private static final String[] CHROMIUM = {
    "chromium",
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--virtual-time-budget=5000"
  };

  private static final String NO_BROKER = "urls: [\"mqtt://127.0.0.1:9\"]";

  @TempDir Path folder;

  /** What Chromium wrote, and what of it the page's console. */
  private record Rendered(String output, List<String> console) {}

  private Rendered chromium(AdminGateway gateway, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(Arrays.asList(CHROMIUM));
    command.add("--user-data-dir=" + folder.resolve("profile"));
    command.addAll(List.of(arguments));
    command.add(gateway.page("/").toString());
    Path output = folder.resolve("output");
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String lines = Files.readString(log, StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(lines).isZero();
    return new Rendered(
        Files.readString(output, StandardCharsets.UTF_8),
        lines.lines().filter(line -> line.contains("CONSOLE")).toList());
  }

  private static void awaitBroker(AdminGateway gateway) {
    await().untilAsserted(() -> assertThat(gateway.get("/readyz").statusCode()).isEqualTo(200));
  }

  @Test
  void showsTheGatewayAndItsClientsWhateverTheyAreCalled() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start();
        AdminGateway gateway =
            AdminGateway.start(folder, "harbour <7>", "urls: [\"" + broker.url() + "\"]", "");
        RawClient hostile = gateway.client();
        RawClient sleeper = gateway.client()) {
      awaitBroker(gateway);
      hostile.connect("<script>alert(1)</script>");
      sleeper.connect("sleeper");
      assertThat(sleeper.ask("04 18 0DF2")).isEqualTo("0218");

      Rendered page = chromium(gateway, "--dump-dom");

      assertThat(page.output())
          .contains(
              "The broker is connected",
              "MQTT 5 over TCP, since ",
              "harbour &lt;7&gt;",
              ">&lt;script&gt;alert(1)&lt;/script&gt;</td>",
              ">sleeper</td>",
              ">asleep</span>",
              "&lt;b&gt;flow&lt;/b&gt;</td>")
          .containsPattern(">in 5[789] min</td>")
          .doesNotContain("<script>alert", "<b>flow");
      assertThat(page.console()).isEmpty();

      Path picture = folder.resolve("page.png");
      Rendered seen = chromium(gateway, "--window-size=390,844", "--screenshot=" + picture);
      assertThat(Files.size(picture)).isGreaterThan(10_000);
      assertThat(seen.console()).isEmpty();
    }
  }

  @Test
  void saysThatTheBrokerIsAway() throws Exception {
    try (AdminGateway gateway = AdminGateway.start(folder, "harbour <7>", NO_BROKER, "")) {
      Rendered page = chromium(gateway, "--dump-dom");
      assertThat(page.output()).contains("The broker is not connected", "mqtt://127.0.0.1:9");
      assertThat(page.console()).isEmpty();
    }
  }

  @Test
  void asksForTheTokenAndShowsNothingBefore() throws Exception {
    try (AdminGateway gateway =
        AdminGateway.start(folder, "harbour <7>", NO_BROKER, ", token-file: token")) {
      assertThat(chromium(gateway, "--dump-dom").output())
          .contains("<section id=\"entry\" class=\"card\"")
          .doesNotContain("harbour", "mqtt://127.0.0.1:9");
    }
  }
}
