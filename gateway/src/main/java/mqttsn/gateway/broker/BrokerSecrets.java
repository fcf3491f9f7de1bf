package mqttsn.gateway.broker;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import javax.net.ssl.SSLException;
import mqttsn.codec.Octets;
import mqttsn.gateway.config.BrokerSettings;
import mqttsn.gateway.config.BrokerUrl;
import org.jspecify.annotations.Nullable;

/**
 * What the files of the broker settings hold, read once before the event loop needs it.
 *
 * @param username null to send none
 * @param password null to send none
 * @param tls for mqtts:// and wss://; null where no URL needs it
 */
record BrokerSecrets(
    @Nullable String username, @Nullable Octets password, @Nullable SslContext tls) {

  static final BrokerSecrets NONE = new BrokerSecrets(null, null, null);

  /**
   * Reads the password file and the TLS files; blocks.
   *
   * @throws IOException with one line that names the key, the file and what is wrong with it
   */
  static BrokerSecrets read(BrokerSettings settings) throws IOException {
    boolean needsTls =
        settings.urls().stream()
            .map(BrokerUrl::scheme)
            .anyMatch(scheme -> scheme == BrokerUrl.Scheme.MQTTS || scheme == BrokerUrl.Scheme.WSS);
    Path passwordFile = settings.passwordFile();
    return new BrokerSecrets(
        settings.username(),
        passwordFile == null ? null : password(passwordFile),
        needsTls ? tls(settings.tls()) : null);
  }

  /**
   * Tries the files without keeping anything, those that only mqtt-quic:// needs included; blocks.
   *
   * @throws IOException as {@link #read}
   */
  static void check(BrokerSettings settings) throws IOException {
    BrokerSecrets secrets = read(settings);
    boolean overQuic =
        settings.urls().stream().anyMatch(url -> url.scheme() == BrokerUrl.Scheme.MQTT_QUIC);
    if (overQuic && secrets.tls() == null) {
      SslContext unused = tls(settings.tls());
    }
  }

  /** The file without the line break at its end. */
  private static Octets password(Path file) throws IOException {
    byte[] content = readable("broker.password-file", file);
    int end = content.length;
    while (end > 0 && (content[end - 1] == '\n' || content[end - 1] == '\r')) {
      end--;
    }
    if (end > 65_535) {
      throw new IOException(
          "broker.password-file " + file + " has " + end + " octets, expected at most 65535");
    }
    return Octets.of(Arrays.copyOf(content, end));
  }

  private static SslContext tls(BrokerSettings.Tls settings) throws IOException {
    SslContextBuilder builder = SslContextBuilder.forClient().protocols("TLSv1.3", "TLSv1.2");
    builder.endpointIdentificationAlgorithm(settings.verifyHost() ? "HTTPS" : "");
    Path caFile = settings.caFile();
    if (caFile != null) {
      readable("broker.tls.ca-file", caFile);
      try {
        builder.trustManager(caFile.toFile());
      } catch (IllegalArgumentException e) {
        throw unusable("broker.tls.ca-file", caFile, "certificates in PEM", e);
      }
    }
    Path certFile = settings.certFile();
    Path keyFile = settings.keyFile();
    if (certFile != null && keyFile != null) {
      readable("broker.tls.cert-file", certFile);
      readable("broker.tls.key-file", keyFile);
      try {
        builder.keyManager(certFile.toFile(), keyFile.toFile());
      } catch (IllegalArgumentException e) {
        throw unusable(
            "broker.tls.key-file",
            keyFile,
            "an unencrypted PKCS#8 key (BEGIN PRIVATE KEY) for the certificate in " + certFile,
            e);
      }
    }
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new IOException("broker.tls: " + Failures.words(e), e);
    }
  }

  private static byte[] readable(String key, Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new IOException(key + " " + file + " does not exist", e);
    } catch (IOException e) {
      throw new IOException(key + " " + file + " cannot be read: " + Failures.words(e), e);
    }
  }

  private static IOException unusable(String key, Path file, String expected, Exception cause) {
    return new IOException(key + " " + file + " cannot be used, expected " + expected, cause);
  }

  /** Nothing of what is secret. */
  @Override
  public String toString() {
    return "BrokerSecrets";
  }
}
