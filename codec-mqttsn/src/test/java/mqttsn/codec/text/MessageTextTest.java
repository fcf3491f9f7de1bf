package mqttsn.codec.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import mqttsn.codec.Connect;
import mqttsn.codec.Disconnect;
import mqttsn.codec.Named;
import mqttsn.codec.NormalId;
import mqttsn.codec.Octets;
import mqttsn.codec.PingReq;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.codec.Register;
import mqttsn.codec.ShortName;
import mqttsn.codec.Subscribe;
import mqttsn.codec.WillMsg;
import mqttsn.codec.WillTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTextTest {

  @Test
  void fieldsComeInAnyOrder() {
    assertThat(MessageText.parse("CONNECT duration=60 cleanSession clientId=sens1"))
        .isEqualTo(new Connect(false, true, 60, "sens1"));
  }

  @Test
  void whatIsOftenTheSameMayBeLeftOut() {
    assertThat(MessageText.parse("PUBLISH topic=normal:1"))
        .isEqualTo(new Publish(false, Qos.ZERO, false, new NormalId(1), 0, Octets.EMPTY));
    assertThat(MessageText.parse("REGISTER msgId=1 topicName=a"))
        .isEqualTo(new Register(0, 1, "a"));
    assertThat(MessageText.parse("PINGREQ")).isEqualTo(new PingReq(""));
    assertThat(MessageText.parse("DISCONNECT")).isEqualTo(new Disconnect(0));
    assertThat(MessageText.parse("WILLTOPIC")).isEqualTo(WillTopic.EMPTY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a b",
        "a\"b",
        "a\\b",
        "\"",
        "\\",
        "line\nend",
        "tab\t",
        "\u200Bhidden\u2028",
        "=:#+$",
        "0x41",
        "ä\uD83D\uDE00"
      })
  void stringsSurviveRenderingOnOneLine(String clientId) {
    Connect connect = new Connect(false, false, 0, clientId);
    String line = MessageText.render(connect);

    assertThat(line).doesNotContainPattern("[\\p{Cntrl}\\u2028\\u200B]");
    assertThat(MessageText.parse(line)).isEqualTo(connect);
  }

  @Test
  void stringsAreQuotedOnlyIfTheyNeedIt() {
    assertThat(MessageText.render(new Connect(false, true, 60, "sens1")))
        .isEqualTo("CONNECT clientId=sens1 cleanSession duration=60");
    assertThat(MessageText.render(new Connect(true, false, 60, "sens 1")))
        .isEqualTo("CONNECT clientId=\"sens 1\" will duration=60");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "6F6E     | \"on\"",
        "``       | \"\"",
        "22205C7E | \"\\\" \\\\~\"",
        "3078     | \"0x\"",
        "00       | 0x00",
        "417F     | 0x417F",
        "C3A4     | 0xC3A4"
      })
  void octetsAreTextIfTheyArePrintable(String hex, String text) {
    WillMsg message = new WillMsg(Octets.hex(hex));

    assertThat(MessageText.render(message)).isEqualTo("WILLMSG willMsg=" + text);
    assertThat(MessageText.parse("WILLMSG willMsg=" + text)).isEqualTo(message);
  }

  @Test
  void topicsSayTheirKind() {
    assertThat(MessageText.parse("SUBSCRIBE qos=2 dup msgId=9 topic=name:\"a b:/#\""))
        .isEqualTo(new Subscribe(true, Qos.TWO, 9, new Named("a b:/#")));
    assertThat(MessageText.parse("PUBLISH qos=-1 topic=short:t1 data=21.5"))
        .isEqualTo(
            new Publish(false, Qos.MINUS_ONE, false, new ShortName("t1"), 0, Octets.utf8("21.5")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                                | another word",
        "HELLO                             | a name such as CONNECT",
        "connect clientId=a duration=1     | a name such as CONNECT",
        "CONNECT clientId=a                | duration is missing",
        "CONNECT clientId=a duration=1m    | duration is \"1m\"",
        "CONNECT clientId=a duration=70000 | durationSeconds is 70000, expected 0 to 65535",
        "CONNACK returnCode=fine           | returnCode is \"fine\", expected accepted",
        "PUBREL msgId=1 msgId=1            | \"msgId=1\" is left over",
        "PUBREL msgId=1 dup                | \"dup\" is left over",
        "PUBLISH topic=name:a              | expected normal:ID, predefined:ID or short:NAME",
        "PUBLISH topic=7                   | expected normal:ID, predefined:ID or short:NAME",
        "PUBLISH topic=normal:x            | topic is \"x\", expected a number",
        "PUBLISH topic=short:abc           | expected two octets",
        "PUBLISH topic=normal:1 qos=3      | qos is 3, expected -1, 0, 1 or 2",
        "UNSUBSCRIBE msgId=1 topic=normal:1| expected name:NAME, predefined:ID or short:NAME",
        "WILLMSG willMsg=\"open            | a quote is open",
        "WILLMSG willMsg=\"a\"b            | goes on after its quote",
        "WILLMSG willMsg=a\"b\"            | has a quote inside",
        "WILLMSG willMsg=0x4               | string",
        "REJECT truncated                  | is no message",
        "REJECT whatever                   | is no reason"
      })
  void aLineThatIsNoMessageSaysWhy(String line, String said) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MessageText.parse(line))
        .withMessageContaining(said);
  }
}
