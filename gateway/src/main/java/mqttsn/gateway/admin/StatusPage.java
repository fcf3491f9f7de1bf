package mqttsn.gateway.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;
import mqttsn.daemon.admin.Response;

/**
 * The page at {@code /}: one file, which asks {@code /api/} for what it shows. A browser may run
 * exactly the script and the style that are in it, and load nothing from anywhere else.
 */
final class StatusPage {

  private static final String FILE = "status.html";

  private StatusPage() {}

  static Response read() {
    try (InputStream in = StatusPage.class.getResourceAsStream(FILE)) {
      byte[] page = Objects.requireNonNull(in, FILE).readAllBytes();
      return Response.html(page, policy(new String(page, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String policy(String page) {
    return "default-src 'none'; connect-src 'self'; img-src data:"
        + ("; script-src " + hash(page, "script"))
        + ("; style-src " + hash(page, "style"))
        + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  }

  /** The only element of this name, as a source expression of CSP 3. */
  private static String hash(String page, String element) {
    String begin = "<" + element + ">";
    int from = page.indexOf(begin) + begin.length();
    String content = page.substring(from, page.indexOf("</" + element + ">", from));
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] digest = sha.digest(content.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
