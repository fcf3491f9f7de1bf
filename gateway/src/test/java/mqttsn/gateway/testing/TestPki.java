package mqttsn.gateway.testing;

import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A certificate authority of the test's own, and its certificates as files. */
public final class TestPki {

  private final Path directory;
  private final X509Bundle ca;

  /**
   * @param directory where the files go; a {@code @TempDir}
   */
  public TestPki(Path directory) throws Exception {
    this.directory = directory;
    this.ca =
        new CertificateBuilder()
            .subject("CN=Test CA")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
  }

  /** A certificate of this CA; {@code name} is its subject and its only DNS name. */
  public X509Bundle issue(String name) throws Exception {
    return issue(List.of(name), List.of());
  }

  /** A certificate of this CA; the first of {@code names} is its subject. */
  public X509Bundle issue(List<String> names, List<String> addresses) throws Exception {
    CertificateBuilder builder = new CertificateBuilder().subject("CN=" + names.get(0));
    names.forEach(builder::addSanDnsName);
    addresses.forEach(builder::addSanIpAddress);
    return builder.buildIssuedBy(ca);
  }

  /** TLS of a QUIC broker at broker.example, localhost and the loopback addresses. */
  public QuicSslContext quicBroker() throws Exception {
    List<String> names = List.of("broker.example", "localhost");
    return quicBroker(issue(names, List.of("127.0.0.1", "::1")), ClientAuth.NONE, "mqtt");
  }

  /** TLS of a QUIC broker that shows {@code certificate} and trusts this CA's clients. */
  public QuicSslContext quicBroker(X509Bundle certificate, ClientAuth clientAuth, String alpn) {
    return QuicSslContextBuilder.forServer(
            certificate.getKeyPair().getPrivate(), null, certificate.getCertificatePath())
        .trustManager(ca.getCertificate())
        .clientAuth(clientAuth)
        .earlyData(true)
        .applicationProtocols(alpn)
        .build();
  }

  public Path caFile() throws IOException {
    return write("ca.pem", ca.getCertificatePEM());
  }

  public Path certFile(X509Bundle issued, String name) throws IOException {
    return write(name + ".pem", issued.getCertificatePathPEM());
  }

  /** The key as unencrypted PKCS #8. */
  public Path keyFile(X509Bundle issued, String name) throws IOException {
    return write(name + ".key", issued.getPrivateKeyPEM());
  }

  private Path write(String name, String pem) throws IOException {
    return Files.writeString(directory.resolve(name), pem);
  }
}
