package mqttsn.daemon.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the launcher with a java that only tells how it was called. */
@Timeout(60)
class LauncherIT {
  private static final String TELLING_JAVA =
      """
      #!/bin/sh
      echo "pid $$"
      for argument in "$@"; do echo "[$argument]"; done
      for argument in "$@"; do
        case $argument in -XX:ArchiveClassesAtExit=*) : > "${argument#*=}" ;; esac
      done
      exit ${EXIT_CODE:-0}
      """;

  @TempDir Path folder;
  private Path home;
  private Path tools;
  private Path launcher;

  private record Outcome(int exitCode, long pid, List<String> out, List<String> err) {}

  @BeforeEach
  void layOut() throws IOException {
    home = folder.resolve("a folder with spaces");
    launcher =
        script(
            home.resolve("bin/sample"),
            Files.readString(Path.of("src/main/launcher/launcher.sh"))
                .replace("@layout.name@", "sample")
                .replace("@layout.heap@", "96m")
                .replace("@layout.direct@", "32m")
                .replace("@layout.main@", "sample.Main")
                .replace("@layout.training@", "train")
                .replace("@project.build.finalName@", "sample-1")
                .replace("/usr/lib/jvm", folder + "/jvm"));
    Files.createDirectories(home.resolve("lib"));
  }

  /** The few programs that the launcher needs, without the java that may stand beside them. */
  @BeforeEach
  void provideTools() throws IOException {
    tools = folder.resolve("tools");
    for (String tool : List.of("readlink", "dirname", "sed", "mv", "rm", "dd", "grep")) {
      script(tools.resolve(tool), "#!/bin/sh\nexec /bin/" + tool + " \"$@\"\n");
    }
  }

  private static Path script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** A Java of some version, known by its release file. */
  private Path java(String name, String version) throws IOException {
    Path javaHome = folder.resolve(name);
    script(javaHome.resolve("bin/java"), TELLING_JAVA);
    Files.writeString(
        javaHome.resolve("release"), "OTHER=\"17\"\nJAVA_VERSION=\"" + version + "\"\n");
    return javaHome;
  }

  private Outcome run(Map<String, String> environment, Path program, String... args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", tools.toString());
    builder.environment().putAll(environment);
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    int exitCode = process.waitFor();
    return new Outcome(
        exitCode,
        process.pid(),
        Files.readAllLines(out, StandardCharsets.UTF_8),
        Files.readAllLines(err, StandardCharsets.UTF_8));
  }

  @Test
  void becomesJavaWithTheLayoutsOwnFolders() throws Exception {
    Path javaHome = java("java 17", "17.0.15");

    Outcome outcome = run(Map.of("JAVA_HOME", javaHome.toString()), launcher, "run", "a b", "*");

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .contains("pid " + outcome.pid(), "[-Xmx96m]", "[-Dmqttsn.conf=" + home + "/conf]")
        .endsWith(
            "[-cp]", "[" + home + "/lib/sample-1.jar]", "[sample.Main]", "[run]", "[a b]", "[*]");
    assertThat(outcome.err()).isEmpty();
  }

  @Test
  void findsItsLayoutThroughSymbolicLinks() throws Exception {
    Path javaHome = java("java", "25.0.3");
    Path first = Files.createSymbolicLink(folder.resolve("first"), launcher);
    Path link = Files.createSymbolicLink(folder.resolve("second"), first.getFileName());

    Outcome outcome = run(Map.of("JAVA_HOME", javaHome.toString()), link, "run");

    assertThat(outcome.out()).contains("[-Dmqttsn.conf=" + home + "/conf]");
  }

  @Test
  void givesJavaOptsTheLastWord() throws Exception {
    Path javaHome = java("java", "21");
    Map<String, String> environment =
        Map.of("JAVA_HOME", javaHome.toString(), "JAVA_OPTS", "-Xmx256m  -Da=*");

    List<String> out = run(environment, launcher, "run").out();

    assertThat(out).containsSubsequence("[-Xmx96m]", "[-Xmx256m]", "[-Da=*]", "[-cp]");
  }

  @Test
  void passesOnTheExitCode() throws Exception {
    Path javaHome = java("java", "17");
    Map<String, String> environment = Map.of("JAVA_HOME", javaHome.toString(), "EXIT_CODE", "2");

    assertThat(run(environment, launcher, "run").exitCode()).isEqualTo(2);
  }

  @Test
  void goesOnSearchingWhenJavaIsTooOld() throws Exception {
    Path old = java("old", "11.0.2");
    java("jvm/b", "1.8.0_402");
    java("jvm/c", "21.0.1");

    Outcome outcome = run(Map.of("JAVA_HOME", old.toString()), launcher, "run");

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).contains("[sample.Main]");
  }

  @Test
  void findsJavaOnThePathBehindItsLinkAndWithoutAReleaseFile() throws Exception {
    Path real =
        script(
            folder.resolve("real/bin/java"),
            """
            #!/bin/sh
            [ "$1" = -version ] && echo 'openjdk version "17.0.1" 2021-10-19' >&2 && exit
            echo found
            """);
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("java"), real);

    Outcome outcome = run(Map.of("PATH", tools + ":" + bin), launcher, "run");

    assertThat(outcome.out()).containsExactly("found");
  }

  @Test
  void saysInOneLineThatThereIsNoJava() throws Exception {
    Outcome outcome = run(Map.of(), launcher, "run");

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err())
        .containsExactly(
            "sample: no Java 17 or newer in JAVA_HOME, on the PATH or in " + folder + "/jvm");
  }

  @Test
  void makesInheritedSocketsNonBlocking() throws Exception {
    Path javaHome = folder.resolve("java");
    script(javaHome.resolve("bin/java"), "#!/bin/sh\ngrep flags /proc/$$/fdinfo/[34]\n");
    Files.writeString(javaHome.resolve("release"), "JAVA_VERSION=\"17\"\n");
    Path manager =
        script(
            folder.resolve("manager"),
            """
            #!/bin/sh
            LISTEN_PID=$$ LISTEN_FDS=1 exec "$1" run 3</dev/null 4</dev/null
            """);

    Outcome outcome = run(Map.of("JAVA_HOME", javaHome.toString()), manager, launcher.toString());

    // Descriptor 4 was not announced.
    assertThat(outcome.out()).hasSize(2);
    assertThat(outcome.out().get(0)).matches(".*fdinfo/3:flags:.*4[0-7]{3}");
    assertThat(outcome.out().get(1)).matches(".*fdinfo/4:flags:.*[0-3][0-7]{3}");
  }

  @Test
  void makesAnArchiveOfClassesOnlyWhenAskedAndUsesItThen() throws Exception {
    Map<String, String> environment = Map.of("JAVA_HOME", java("java", "17").toString());
    Path archive = home.resolve("lib/sample.jsa");

    assertThat(run(environment, launcher, "run").out())
        .noneMatch(argument -> argument.contains(".jsa"));
    assertThat(archive).doesNotExist();

    Outcome made = run(environment, launcher, "share-classes");
    assertThat(made.exitCode()).isZero();
    assertThat(made.out()).containsExactly("sample: made " + archive);
    assertThat(archive).exists();

    assertThat(run(environment, launcher, "run").out())
        .contains("[-XX:SharedArchiveFile=" + archive + "]");
  }

  @Test
  void makesNoArchiveWhenAskedForHelpOrWithWordsThatMeanNothing() throws Exception {
    Map<String, String> environment = Map.of("JAVA_HOME", java("java", "17").toString());

    Outcome help = run(environment, launcher, "share-classes", "--help");
    Outcome mistake = run(environment, launcher, "share-classes", "now");

    assertThat(help.exitCode()).isZero();
    assertThat(help.out().get(0)).isEqualTo("Usage: sample share-classes");
    assertThat(mistake.exitCode()).isEqualTo(2);
    assertThat(mistake.err().get(0)).isEqualTo("Usage: sample share-classes");
    assertThat(home.resolve("lib")).isEmptyDirectory();
  }

  @Test
  void makesTheArchiveWhereTheLinkOfAPackageLeads() throws Exception {
    Map<String, String> environment = Map.of("JAVA_HOME", java("java", "17").toString());
    Path cache = Files.createDirectory(folder.resolve("cache"));
    Path archive = cache.resolve("classes.jsa");
    Path link = Files.createSymbolicLink(home.resolve("lib/sample.jsa"), archive);

    assertThat(run(environment, launcher, "share-classes").exitCode()).isZero();

    assertThat(link).isSymbolicLink();
    assertThat(cache).isDirectoryContaining(file -> file.equals(archive));
    assertThat(run(environment, launcher, "run").out())
        .contains("[-XX:SharedArchiveFile=" + archive + "]");
  }

  @Test
  void leavesNoArchiveWhenTheTrainingFails() throws Exception {
    Map<String, String> environment =
        Map.of("JAVA_HOME", java("java", "17").toString(), "EXIT_CODE", "1");

    Outcome outcome = run(environment, launcher, "share-classes");

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).hasSize(1);
    assertThat(home.resolve("lib")).isEmptyDirectory();
  }
}
