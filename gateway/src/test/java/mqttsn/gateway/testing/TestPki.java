package mqttsn.gateway.testing;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
    return new CertificateBuilder().subject("CN=" + name).addSanDnsName(name).buildIssuedBy(ca);
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
