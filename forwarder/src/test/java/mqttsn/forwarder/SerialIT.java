package mqttsn.forwarder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import mqttsn.daemon.config.ConfigurationException;
import mqttsn.forwarder.core.Drop;
import mqttsn.forwarder.serial.SerialLine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A forwarder on a serial line: pseudo-terminals on one side, a gateway's socket on the other. */
@Tag("machine")
class SerialIT {

  @RegisterExtension private final Parts parts = new Parts();
  @TempDir private Path directory;
  private PseudoTerminals cable;
  private TestSocket gateway;

  @BeforeEach
  void plugIn() throws IOException {
    cable = new PseudoTerminals(directory);
    gateway = parts.socket("127.0.0.1");
  }

  @AfterEach
  void unplug() throws InterruptedException {
    cable.close();
  }

  @Test
  void carriesDatagramsOfACoordinatorWithPrefixes() throws Exception {
    start(2);
    try (FileOutputStream out = cable.output();
        FileInputStream in = cable.input()) {
      write(out, "C0ABCD0216C0");
      assertThat(gateway.receive()).hasToString("07FE00FF00ABCD0216");
      gateway.answer("07FE00FF00ABCD0217");
      assertThat(read(in, 6)).isEqualTo("C0ABCD0217C0");
      gateway.answer("03FE010500010384");
      assertThat(read(in, 9)).isEqualTo("C0FFFF0500010384C0");
    }
  }

  @Test
  void carriesEveryOctetUnchanged() throws Exception {
    start(0);
    StringBuilder octets = new StringBuilder("010104FD");
    for (int i = 0; i < 256; i++) {
      octets.append("%02X".formatted(i));
    }
    try (FileOutputStream out = cable.output()) {
      write(out, "C0" + escaped(octets.toString()) + "C0");
      assertThat(gateway.receive()).hasToString("05FE00FF00" + octets);
    }
  }

  @Test
  void survivesNoiseAndBrokenFrames() throws Exception {
    TestForwarder forwarder = start(0);
    try (FileOutputStream out = cable.output()) {
      write(out, "A55A1742C0" + "C00516C0" + "C002DB16C0" + "00".repeat(4_000) + "C00216C0");
      assertThat(gateway.receive()).hasToString("05FE00FF000216");
    }
    assertThat(forwarder.running().counters().drops().of(Drop.MALFORMED)).isEqualTo(2);
    assertThat(line(forwarder).brokenFrames()).isEqualTo(2);
  }

  @Test
  void worksAgainWhenTheCableIsPulledAndPutBack() throws Exception {
    TestForwarder forwarder = start(0);
    cable.pull();
    await().until(() -> !line(forwarder).isOpen());
    cable.putBack();
    await().until(line(forwarder)::isOpen);
    try (FileOutputStream out = cable.output()) {
      write(out, "C00216C0");
      assertThat(gateway.receive()).hasToString("05FE00FF000216");
    }
  }

  private TestForwarder start(int nodeIdOctets) throws ConfigurationException, IOException {
    String yaml =
        """
        nodes: {listen: [], serial: {port: "%s", node-id-octets: %d}}
        gateway: {address: "127.0.0.1:%d"}
        """
            .formatted(cable.device(), nodeIdOctets, gateway.port());
    TestForwarder started = parts.forwarder(yaml);
    assertThat(gateway.receive()).hasToString("030101");
    await().until(line(started)::isOpen);
    return started;
  }

  private static SerialLine line(TestForwarder forwarder) {
    SerialLine line = forwarder.running().serial();
    if (line == null) {
      throw new IllegalStateException("no serial line configured");
    }
    return line;
  }

  private static void write(FileOutputStream out, String hex) throws IOException {
    out.write(HexFormat.of().parseHex(hex));
  }

  private static String read(FileInputStream in, int octets) throws IOException {
    byte[] read = new byte[octets];
    new DataInputStream(in).readFully(read);
    return HexFormat.of().withUpperCase().formatHex(read);
  }

  private static String escaped(String hex) {
    return hex.replaceAll("(..)", "$1 ")
        .replace("DB ", "DB DD ")
        .replace("C0 ", "DB DC ")
        .replace(" ", "");
  }
}
