package mqttsn.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mqttsn.daemon.admin.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusPageTest {

  private final Response response = StatusPage.read();
  private final String page = new String(response.body(), StandardCharsets.UTF_8);

  @ParameterizedTest
  @ValueSource(strings = {"script", "style"})
  void letsABrowserRunWhatIsInItAndNothingElse(String element) throws Exception {
    Matcher inline = Pattern.compile("(?s)<" + element + ">(.*?)</" + element + ">").matcher(page);
    assertThat(inline.find()).isTrue();
    byte[] digest =
        MessageDigest.getInstance("SHA-256")
            .digest(inline.group(1).getBytes(StandardCharsets.UTF_8));
    assertThat(response.contentSecurityPolicy())
        .startsWith("default-src 'none'; connect-src 'self'; ")
        .contains(element + "-src 'sha256-" + Base64.getEncoder().encodeToString(digest) + "'")
        .doesNotContain("unsafe");
    assertThat(inline.find()).as("a second one").isFalse();
  }

  @Test
  void isWhole() {
    assertThat(page).doesNotContainPattern("(src|href)=\"(?!data:)");
    assertThat(page.replace("http://www.w3.org/2000/svg", ""))
        .doesNotContain("http://", "https://");
  }

  @Test
  void hasNoWayFromTextToMarkup() {
    assertThat(page)
        .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(")
        .doesNotContainPattern(" on[a-z]+=")
        .doesNotContain(" style=");
  }
}
