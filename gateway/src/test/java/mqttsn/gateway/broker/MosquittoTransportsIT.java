package mqttsn.gateway.broker;

import static mqttsn.gateway.broker.LinksOnLoop.transientSession;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.config.BrokerSettings;
import mqttsn.gateway.config.BrokerSettings.Tls;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.testing.FreePort;
import mqttsn.gateway.testing.MosquittoBroker;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("machine")
class MosquittoTransportsIT extends TransportsContract {

  @TempDir Path files;

  private int mutualTlsPort;

  @Override
  AutoCloseable start(Path directory) throws Exception {
    mutualTlsPort = FreePort.find();
    Path ca = pki.caFile();
    Path certificate = pki.certFile(brokerCertificate, "broker");
    Path key = pki.keyFile(brokerCertificate, "broker");
    return MosquittoBroker.start(
        directory,
        "listener " + tlsPort + " 127.0.0.1",
        "certfile " + certificate,
        "keyfile " + key,
        "listener " + mutualTlsPort + " 127.0.0.1",
        "cafile " + ca,
        "certfile " + certificate,
        "keyfile " + key,
        "require_certificate true",
        "listener " + webSocketPort,
        "protocol websockets");
  }

  @Test
  void relaysOverTlsWithACertificateOfOurOwn() throws Exception {
    X509Bundle gateway = pki.issue("gateway");
    Tls tls =
        new Tls(
            pki.caFile(), pki.certFile(gateway, "gateway"), pki.keyFile(gateway, "gateway"), true);

    relays(TestSettings.tls(tls, "mqtts://localhost:" + mutualTlsPort));
  }

  @Test
  void isRefusedWithoutTheCertificateThatTheBrokerWants() throws IOException {
    assertThat(refused(TestSettings.tls(trustingCa(), "mqtts://localhost:" + mutualTlsPort)))
        .contains("mqtts://localhost:" + mutualTlsPort);
  }

  @Test
  void logsInWithThePasswordOfAFile() throws IOException {
    Path users = files.resolve("users");
    // mosquitto_passwd's format for "secret".
    Files.writeString(users, "gateway:secret\n");
    run("mosquitto_passwd", "-U", users.toString());
    Path passwordFile = Files.writeString(files.resolve("password"), "secret\n");
    Path wrongFile = Files.writeString(files.resolve("wrong"), "wrong");
    try (MosquittoBroker strict =
        MosquittoBroker.start(files, "allow_anonymous false", "password_file " + users)) {
      try (LinksOnLoop links = new LinksOnLoop(withPassword(strict.url(), passwordFile))) {
        links.connect(LINK, transientSession("with-password"));
      }
      try (LinksOnLoop links = new LinksOnLoop(withPassword(strict.url(), wrongFile))) {
        links.open(LINK, transientSession("with-wrong-password"));
        BrokerEvent.Refused refused = links.next(LINK, BrokerEvent.Refused.class);
        assertThat(refused)
            .isEqualTo(
                new BrokerEvent.Refused(
                    ReturnCode.NOT_SUPPORTED, "refused: not authorized (0x87)"));
      }
    }
  }

  private static BrokerSettings withPassword(String url, Path passwordFile) {
    return TestSettings.withCredentials("gateway", passwordFile, url);
  }

  private static void run(String... command) throws IOException {
    new ProcessBuilder(command).inheritIO().start().onExit().join();
  }
}
