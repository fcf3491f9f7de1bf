package mqttsn.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What {@code pub} and {@code sub} refuse before they send anything. */
class CommandUsageTest {

  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "pub -m on                       | Missing required argument",
        "pub -t a -T 1 -m on             | mutually exclusive",
        "pub -t a                        | Missing required argument",
        "pub -t a -m on -n               | mutually exclusive",
        "pub -t a -m on -q 3             | '3', expected -1, 0, 1 or 2",
        "pub -t abc -m on -q -1          | -t is 'abc', expected two octets with -q -1",
        "pub -t abc -m on --short        | -t is 'abc', expected two octets with --short",
        "pub -t a/# -m on                | -t is 'a/#', expected no wildcard (+ or #) in a topic name",
        "pub -t a -m on --will-topic +   | --will-topic is '+', expected no wildcard",
        "sub -t a -t b#                  | -t is 'b#', expected + alone in its level",
        "pub -T 0 -m on                  | -T is 0, expected 1 to 65534",
        "pub -T x -m on                  | 'x' is not an int",
        "pub -t a -m on -p 0             | -p is 0, expected 1 to 65535",
        "pub -t a -m on -k 65536         | -k is 65536, expected 0 to 65535",
        "pub -t a -m on -c               | -c needs -i",
        "pub -t a -m on --will-payload x | a will needs --will-topic",
        "sub                             | expected -t TOPIC or -T ID",
        "sub -t a -q -1                  | -q is -1, expected 0, 1 or 2",
        "sub -t a -C -1                  | -C is -1, expected 1 or more",
        "sub -t a -W -1                  | -W is -1, expected 1 or more",
        "sub -T 65535                    | -T is 65535, expected 1 to 65534",
        "sub -t a --wrong                | Unknown option: '--wrong'",
      })
  void tellsWhatIsWrong(String line, String complaint) {
    assertThat(execute(line)).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains(complaint);
  }

  @Test
  void showsHelpWithHelpBecauseTheShortOptionIsTheHost() {
    StringWriter out = new StringWriter();
    int exitCode = commandLine(new PubCommand()).setOut(new PrintWriter(out)).execute("--help");
    assertThat(exitCode).isZero();
    assertThat(out.toString()).contains("-h, --host=HOST").contains("-q, --qos=QOS");
  }

  private int execute(String line) {
    String[] words = line.trim().split(" +");
    Object command =
        words[0].equals("pub")
            ? new PubCommand(InputStream.nullInputStream())
            : new SubCommand(new ByteArrayOutputStream());
    String[] arguments = new String[words.length - 1];
    System.arraycopy(words, 1, arguments, 0, arguments.length);
    return commandLine(command).execute(arguments);
  }

  private CommandLine commandLine(Object command) {
    return new CommandLine(command).setErr(new PrintWriter(err));
  }
}
