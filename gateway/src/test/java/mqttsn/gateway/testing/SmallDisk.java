package mqttsn.gateway.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mqttsn.daemon.testing.ProcessOutput;

/**
 * A disk that is soon full: a file system in memory that only the processes of the test see. For
 * tests tagged "machine": it needs root.
 */
public final class SmallDisk implements AutoCloseable {

  private final Process keeper;
  private final Path folder;

  private SmallDisk(Process keeper, Path folder) {
    this.keeper = keeper;
    this.folder = folder;
  }

  /**
   * Mounts it, in a mount namespace of its own. It is gone when the test's process is.
   *
   * @param folder where it is mounted, an empty one
   */
  public static SmallDisk mount(Path folder, int kibibytes) throws IOException {
    String script = "mount -t tmpfs -o size=" + kibibytes + "k tmpfs \"$0\" && echo done && cat";
    Process keeper =
        new ProcessBuilder("unshare", "--mount", "sh", "-c", script, folder.toString())
            .redirectErrorStream(true)
            .start();
    String line = ProcessOutput.of(keeper.inputReader(StandardCharsets.UTF_8)).next();
    if (!"done".equals(line)) {
      throw new IOException("cannot mount " + folder + ": " + line);
    }
    return new SmallDisk(keeper, folder);
  }

  /** The command that runs a command where the disk is mounted; it becomes that process. */
  public List<String> prefix() {
    String here = Path.of("").toAbsolutePath().toString();
    List<String> prefix = new ArrayList<>();
    prefix.addAll(List.of("nsenter", "--mount=/proc/" + keeper.pid() + "/ns/mnt"));
    prefix.addAll(List.of("sh", "-c", "cd \"$0\" && exec \"$@\"", here));
    return prefix;
  }

  /** Where the test finds a file of it. */
  public Path path(String name) {
    return Path.of("/proc/" + keeper.pid() + "/root" + folder).resolve(name);
  }

  /** Takes all the room that is left. */
  public void fill() throws IOException {
    byte[] page = new byte[4096];
    try (OutputStream filler = Files.newOutputStream(path("filler"))) {
      while (true) {
        filler.write(page);
      }
    } catch (IOException full) {
      if (path("filler").toFile().getUsableSpace() > 0) {
        throw full;
      }
    }
  }

  /** Gives the room back that {@link #fill} took. */
  public void makeRoom() throws IOException {
    Files.delete(path("filler"));
  }

  @Override
  public void close() {
    keeper.destroyForcibly();
  }
}
