package mqttsn.daemon.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mqttsn.daemon.testing.ProcessOutput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ProcessIT {
  @TempDir Path folder;
  private final List<Process> processes = new ArrayList<>();

  /** A process of the sample with its standard error at hand. */
  private record Sample(Process process, ProcessOutput err) {
    String lineWith(String part) {
      return err.nextWith(part);
    }

    int exitCode() throws InterruptedException {
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    }
  }

  private Sample start(boolean journal, String... args) throws IOException {
    return start(List.of(), journal, args);
  }

  private Sample start(List<String> launcher, boolean journal, String... args) throws IOException {
    List<String> command = new ArrayList<>(launcher);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Dmqttsn.conf=" + folder,
            "-cp",
            System.getProperty("java.class.path"),
            SampleDaemon.class.getName()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("JOURNAL_STREAM");
    builder.environment().remove("NOTIFY_SOCKET");
    if (journal) {
      builder.environment().put("JOURNAL_STREAM", "9:12345");
    }
    Process process = builder.start();
    processes.add(process);
    return new Sample(process, ProcessOutput.of(process.errorReader()));
  }

  private Sample run(String yaml) throws IOException {
    Files.writeString(folder.resolve("sample.yaml"), yaml);
    return start(false, "run");
  }

  private static void signal(Sample sample, String name) throws IOException, InterruptedException {
    String pid = Long.toString(sample.process().pid());
    assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor()).isZero();
  }

  @AfterEach
  void endProcesses() {
    processes.forEach(Process::destroyForcibly);
  }

  @ParameterizedTest
  @CsvSource({"TERM", "INT"})
  void saysReadyAndEndsInOrderWithExitCode0(String signal) throws Exception {
    Sample sample = run("{}");

    assertThat(sample.lineWith("ready")).matches("[0-9-]+T[0-9:.]+Z INFO  sample .* is ready");
    signal(sample, signal);

    assertThat(sample.lineWith("Stopped")).contains("INFO");
    assertThat(sample.exitCode()).isEqualTo(ExitCode.OK);
  }

  @Test
  void saysReadyWhateverTheLevelIs() throws Exception {
    Sample sample = run("level: error");

    sample.lineWith("ready");
    signal(sample, "TERM");

    assertThat(sample.exitCode()).isEqualTo(ExitCode.OK);
  }

  @Test
  void prefixesItsLinesForTheJournal() throws Exception {
    Files.writeString(folder.resolve("sample.yaml"), "fault: loop");
    Sample sample = start(true, "run");

    assertThat(sample.lineWith("event loop"))
        .isEqualTo("<3>The event loop failed: java.lang.IllegalStateException: on purpose");
    assertThat(sample.err().next()).startsWith("<3>    at mqttsn.daemon.process.SampleDaemon");
    assertThat(sample.exitCode()).isEqualTo(ExitCode.FAULT);
  }

  @Test
  void doesNotWaitForeverForAnOrderlyEnd() throws Exception {
    Sample sample = run("fault: stop");
    sample.lineWith("ready");

    signal(sample, "TERM");

    assertThat(sample.lineWith("without waiting any longer")).contains("WARN");
    assertThat(sample.exitCode()).isEqualTo(ExitCode.OK);
  }

  @Test
  void reloadsOnHangupAndKeepsWhatRunsWhenTheFileIsBroken() throws Exception {
    Path file = folder.resolve("sample.yaml");
    Sample sample = run("{}");
    sample.lineWith("ready");

    Files.writeString(file, "level: debug");
    signal(sample, "HUP");
    sample.lineWith("DEBUG Debugging");
    sample.lineWith("reloaded");

    Files.writeString(file, "level: loud");
    signal(sample, "HUP");
    assertThat(sample.lineWith("stays in place"))
        .contains("ERROR")
        .contains(
            file
                + ":1:8: level: expected one of trace, debug, info, warn, error, off, found"
                + " \"loud\"");

    signal(sample, "TERM");
    assertThat(sample.exitCode()).isEqualTo(ExitCode.OK);
  }

  @Test
  void saysThatItDoesNotReloadWhenItsStarterHadHangupIgnored() throws Exception {
    Files.writeString(folder.resolve("sample.yaml"), "{}");
    Sample sample = start(List.of("nohup"), false, "run");

    sample.lineWith("ready");
    assertThat(sample.lineWith("SIGHUP was ignored")).contains("INFO");
    signal(sample, "HUP");
    signal(sample, "TERM");

    sample.lineWith("Stopped");
    assertThat(sample.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(sample.err().lines()).noneMatch(line -> line.contains("reloaded"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fault: socket    | 1 | [::]:1884: Address already in use",
        "fault: file      | 2 | topics.csv:3: expected a topic id",
        "fault: uncaught  | 1 | Uncaught exception in thread worker",
        "lvl: info        | 2 | sample.yaml:1:1: unknown key",
        "fault: [         | 2 | sample.yaml:1:9: not valid YAML",
      })
  void endsWithOneLineAndItsExitCode(String yaml, int exitCode, String line) throws Exception {
    Sample sample = run(yaml);

    sample.lineWith(line);
    assertThat(sample.exitCode()).isEqualTo(exitCode);
  }

  @ParameterizedTest
  @CsvSource({"run,--config,missing.yaml,there is no such file", "walk,-q,-q,Unmatched"})
  void refusesBadUsageWithExitCode2(String command, String first, String second, String line)
      throws Exception {
    Sample sample = start(false, command, first, second);

    sample.lineWith(line);
    assertThat(sample.exitCode()).isEqualTo(ExitCode.USAGE);
  }
}
