package mqttsn.gateway.broker.quic;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.3 with ALPN {@code mqtt} for QUIC connections: whom the gateway trusts, who it is, and the
 * session tickets it keeps, in memory only, by host and port.
 */
public final class QuicTls {

  /** The ALPN name that brokers speak MQTT over QUIC under. */
  static final String ALPN = "mqtt";

  private static final String VERDICT = "mqttsn.certificate-verdict";
  private static final String ACCEPTED = "accepted";

  private final QuicSslContext context;

  /**
   * @param caFile PEM certificates to trust; null trusts what the Java runtime trusts
   * @param certFile the client's certificate chain and {@code keyFile} its PKCS#8 key; null for
   *     none
   * @param verifyHost whether the certificate must carry the name or address of the broker's URL
   * @throws QuicUnavailable if there is no native library
   * @throws IOException if a file cannot be read or does not hold what it should
   */
  public QuicTls(
      @Nullable Path caFile,
      @Nullable Path certFile,
      @Nullable Path keyFile,
      boolean verifyHost,
      boolean sessionResumption,
      boolean earlyData)
      throws IOException {
    QuicUnavailable.check();
    try {
      QuicSslContextBuilder builder =
          QuicSslContextBuilder.forClient()
              .applicationProtocols(ALPN)
              .earlyData(earlyData)
              .endpointIdentificationAlgorithm(verifyHost ? "HTTPS" : "")
              .trustManager(new RecordingTrust(trustIn(caFile)));
      if (!sessionResumption) {
        builder.sessionCacheSize(0);
      }
      if (certFile != null && keyFile != null) {
        builder.keyManager(keyFile.toFile(), null, certFile.toFile());
      }
      this.context = builder.build();
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("TLS for mqtt-quic: " + e.getMessage(), e);
    }
  }

  /** An engine that names {@code host} to the broker (SNI) and holds its certificate against it. */
  QuicSslEngine newEngine(ByteBufAllocator alloc, String host, int port) {
    return context.newEngine(alloc, host, port);
  }

  /** Why the broker's certificate was refused; null if it was not, or not looked at. */
  static @Nullable Throwable refusal(SSLEngine engine) {
    return engine.getSession().getValue(VERDICT) instanceof Throwable refused ? refused : null;
  }

  /** After the handshake: a resumed session shows no certificate. */
  static boolean resumed(SSLEngine engine) {
    return engine.getSession().getValue(VERDICT) == null;
  }

  private static X509ExtendedTrustManager trustIn(@Nullable Path caFile)
      throws GeneralSecurityException, IOException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(caFile == null ? null : keyStoreOf(caFile));
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager extended) {
        return extended;
      }
    }
    throw new GeneralSecurityException("the Java runtime has no X.509 trust manager");
  }

  private static KeyStore keyStoreOf(Path caFile) throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream pem = Files.newInputStream(caFile)) {
      int index = 0;
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        trusted.setCertificateEntry("ca-" + index++, one);
      }
    } catch (CertificateException e) {
      throw new IOException(caFile + ": " + e.getMessage(), e);
    }
    if (trusted.size() == 0) {
      throw new IOException(caFile + ": no certificate in it");
    }
    return trusted;
  }

  /**
   * Asks another trust manager and leaves its verdict in the session: the native library tells
   * neither why a certificate was refused nor whether one was looked at.
   */
  private static final class RecordingTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager trust;

    RecordingTrust(X509ExtendedTrustManager trust) {
      this.trust = trust;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      try {
        trust.checkServerTrusted(chain, authType, engine);
        engine.getSession().putValue(VERDICT, ACCEPTED);
      } catch (CertificateException refused) {
        engine.getSession().putValue(VERDICT, refused);
        throw refused;
      }
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return trust.getAcceptedIssuers();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      throw new CertificateException("a QUIC connection is no socket");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw new CertificateException("a host can only be verified with its connection");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      throw new CertificateException("the gateway accepts no QUIC connections");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("the gateway accepts no QUIC connections");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw new CertificateException("the gateway accepts no QUIC connections");
    }
  }
}
