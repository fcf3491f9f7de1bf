package mqttsn.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class JsonTest {

  @Test
  void writesEachKindOfValue() {
    String json =
        Json.object(
            object ->
                object
                    .put("text", "a b")
                    .put("none", (String) null)
                    .put("number", -7)
                    .put("flag", true)
                    .put("time", Instant.parse("2026-01-02T03:04:05.678912Z"))
                    .putObject("object", inner -> inner.put("n", 1).put("m", 2))
                    .putObject("empty", inner -> {})
                    .put("absent", (String) null, (inner, value) -> inner.put("v", value))
                    .putEach("rows", List.of("x", "y"), (row, value) -> row.put("v", value))
                    .putTexts("texts", List.of("p", "q"))
                    .putNumbers("numbers", List.of(1L, 2L)));

    assertThat(json)
        .isEqualTo(
            """
            {"text":"a b","none":null,"number":-7,"flag":true,"time":"2026-01-02T03:04:05.678Z",\
            "object":{"n":1,"m":2},"empty":{},"absent":null,"rows":[{"v":"x"},{"v":"y"}],\
            "texts":["p","q"],"numbers":[1,2]}
            """);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "22, \\\"",
        "5c, \\\\",
        "00, \\u0000",
        "0a, \\u000a",
        "1f, \\u001f",
        "7f, \\u007f",
        "85, \\u0085",
        "3c, \\u003c",
        "3e, \\u003e",
        "26, \\u0026",
        "2028, \\u2028",
        "2029, \\u2029",
        "d83d, \\ud83d",
        "dca7, \\udca7"
      })
  void escapesWhatCouldEndAStringOrIsNoText(String codeUnit, String escaped) {
    String value = "a" + (char) Integer.parseInt(codeUnit, 16) + "b";
    assertThat(Json.object(json -> json.put("v", value)))
        .isEqualTo("{\"v\":\"a" + escaped + "b\"}\n");
  }

  @Test
  void leavesOtherTextAsItIs() {
    assertThat(Json.object(json -> json.put("v", "Zürich/水/💧 'x'")))
        .isEqualTo("{\"v\":\"Zürich/水/💧 'x'\"}\n");
  }

  @Test
  void everyTextComesBack() {
    StringBuilder all = new StringBuilder();
    for (char c = 0; c < 0x2100; c++) {
      all.append(c);
    }
    String json = Json.object(object -> object.put("v", all.toString()));
    assertThat(new Load(LoadSettings.builder().build()).loadFromString(json))
        .extracting("v")
        .isEqualTo(all.toString());
  }
}
