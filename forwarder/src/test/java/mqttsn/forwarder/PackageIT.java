package mqttsn.forwarder;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Debian packages, installed by dpkg itself. The test root is this machine with an overlay in
 * memory above it, in a mount namespace of its own: nothing outlives the test.
 */
@Tag("machine")
@Timeout(300)
class PackageIT {
  /** Prints one word when each stage went as it should; any other failure ends it. */
  private static final String LIFE_OF_A_PACKAGE =
      """
      set -eu
      name=$1 configuration=$2 deb=$(readlink -f "$3") space=$4

      mount -t tmpfs tmpfs "$space"
      mkdir "$space/above" "$space/work" "$space/root"
      mount -t overlay overlay \\
        -o "lowerdir=/,upperdir=$space/above,workdir=$space/work" "$space/root"
      mount -t proc proc "$space/root/proc"
      mount --rbind /dev "$space/root/dev"
      mount -t tmpfs tmpfs "$space/root/run"
      mount -t tmpfs tmpfs "$space/root/tmp"
      cp "$deb" "$space/root/run/old.deb"

      # The same package as the next version, with another default configuration.
      dpkg-deb -R "$deb" "$space/next"
      sed -i 's/^Version: .*/Version: 999/' "$space/next/DEBIAN/control"
      echo '# next' >>"$space/next/etc/$name/$configuration"
      dpkg-deb -Znone -b "$space/next" "$space/root/run/new.deb" >/dev/null

      cat >"$space/root/run/inside" <<'INSIDE'
      set -eu
      name=$1 configuration=/etc/$1/$2
      export DEBIAN_FRONTEND=noninteractive LC_ALL=C
      unset JAVA_HOME

      dpkg -i /run/old.deb
      dpkg --audit
      test -s /var/cache/$name/classes.jsa && echo archived
      "$name" --version
      "$name" check-config >/dev/null && echo checked
      test -e /etc/systemd/system/multi-user.target.wants/$name.service && echo enabled
      for page in "$name.8" "$name.yaml.5"; do
        file=/usr/share/man/man${page##*.}/$page.gz
        test -z "$(zcat $file | groff -man -Tutf8 -ww 2>&1 >/dev/null)" && echo "readable $page"
      done
      bash -c ". /usr/share/bash-completion/completions/$name; complete -p $name" && echo completes

      cat >"$configuration"
      "$name" run 2>/run/log &
      running=$!
      for attempt in $(seq 300); do
        grep -q ready /run/log && break
        timeout 0.2 tail -f /dev/null || true
      done
      grep ready /run/log
      grep -q classes.jsa "/proc/$running/maps" && echo shared
      kill $running
      wait $running && echo stopped

      dpkg --force-confdef --force-confold -i /run/new.deb
      grep -q '# mine' "$configuration" && ! grep -q '# next' "$configuration" && echo kept
      test -s /var/cache/$name/classes.jsa && echo archived again

      mkdir -p /var/lib/private/$name && touch /var/lib/private/$name/sessions
      ln -s private/$name /var/lib/$name
      dpkg -r "$name"
      grep -q '# mine' "$configuration" && echo remembered
      test ! -e /usr/bin/$name && test ! -e /usr/share/$name && echo removed
      dpkg -P "$name"
      find /etc /usr /var -name "*$name*" >/run/left
      find /etc /usr /var -xtype l -lname "*$name*" >>/run/left
      INSIDE
      # What the machine has of this name is not the package's.
      find /etc /usr /var -xdev -name "*$name*" >"$space/before"
      printf '%s\\n' '# mine' "$5" | chroot "$space/root" sh /run/inside "$name" "$configuration"
      grep -vxFf "$space/before" "$space/root/run/left" || echo purged
      """;

  @TempDir Path folder;

  private record Outcome(int exitCode, String output) {}

  private Outcome run(List<String> command) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(280, SECONDS)).isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return new Outcome(process.exitValue(), Files.readString(output));
  }

  /** The package that the build of {@code module} made. */
  private static Path built(String module) throws IOException {
    Path target = Path.of("..", module, "target");
    try (var files = Files.newDirectoryStream(target, "mqttsn-" + module + "_*_all.deb")) {
      return files.iterator().next();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gateway   | {sensors: {listen: ['127.0.0.1:0']}, admin: {listen: null}}",
        "forwarder | {nodes: {listen: ['127.0.0.1:0']}, admin: {listen: null}}"
      })
  void isInstalledStartedUpgradedRemovedAndPurged(String module, String configuration)
      throws Exception {
    String name = "mqttsn-" + module;
    Path script = Files.writeString(folder.resolve("life"), LIFE_OF_A_PACKAGE);
    Path space = Files.createDirectory(folder.resolve("space"));

    Outcome outcome =
        run(
            List.of(
                "unshare",
                "--mount",
                "sh",
                script.toString(),
                name,
                module + ".yaml",
                built(module).toString(),
                space.toString(),
                configuration));

    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output().lines())
        .containsSubsequence(
            "archived",
            "checked",
            "enabled",
            "readable " + name + ".8",
            "readable " + name + ".yaml.5",
            "completes",
            "shared",
            "stopped",
            "kept",
            "archived again",
            "remembered",
            "removed",
            "purged");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway", "forwarder"})
  void isAsDebianWantsAPackageToBe(String module) throws Exception {
    Outcome outcome =
        run(List.of("lintian", "--allow-root", "--fail-on", "error", built(module).toString()));

    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
  }
}
