package mqttsn.gateway.broker.quic;

import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Certificates of a test: a CA, and a broker at localhost that it vouches for. */
final class TestPki {

  final X509Bundle ca;
  final X509Bundle broker;
  private final Path directory;

  TestPki(Path directory) {
    this.directory = directory;
    try {
      this.ca =
          new CertificateBuilder()
              .subject("CN=Test CA")
              .setIsCertificateAuthority(true)
              .buildSelfSigned();
      this.broker = issue("CN=broker", "broker.example", "127.0.0.1", "::1");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A certificate for one name and some addresses. */
  X509Bundle issue(String subject, String name, String... addresses) {
    try {
      CertificateBuilder builder = new CertificateBuilder().subject(subject).addSanDnsName(name);
      for (String address : addresses) {
        builder.addSanIpAddress(address);
      }
      return builder.buildIssuedBy(ca);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  Path caFile() throws IOException {
    return write("ca.pem", ca.getCertificatePEM());
  }

  Path write(String name, String pem) throws IOException {
    return Files.writeString(directory.resolve(name), pem);
  }

  /** A broker's TLS, with its certificate. */
  QuicSslContext brokerTls(X509Bundle certificate, ClientAuth clientAuth, String... alpn) {
    return QuicSslContextBuilder.forServer(
            certificate.getKeyPair().getPrivate(), null, certificate.getCertificatePath())
        .trustManager(ca.getCertificate())
        .clientAuth(clientAuth)
        .earlyData(true)
        .applicationProtocols(alpn)
        .build();
  }

  QuicSslContext brokerTls() {
    return brokerTls(broker, ClientAuth.NONE, "mqtt");
  }
}
