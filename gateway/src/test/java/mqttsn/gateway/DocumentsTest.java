package mqttsn.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the Markdown files point to is there. */
class DocumentsTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** A link or picture that leads to a file of ours. */
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:\\s]+)(?:#[^)]*)?\\)");

  /** Two humps: {@code SessionLife}, but neither {@code PUBLISH} nor {@code Host}. */
  private static final Pattern TYPE_NAME = Pattern.compile("`([A-Z][a-z0-9]+[A-Z]\\w*)`");

  private static final Pattern TYPE =
      Pattern.compile("\\b(?:class|record|interface|enum) ([A-Z]\\w*)");

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path document : files(ROOT, ".md")) {
      Matcher link = LINK.matcher(Files.readString(document));
      while (link.find()) {
        links++;
        if (!Files.exists(document.resolveSibling(link.group(1)))) {
          broken.add(ROOT.relativize(document) + ": " + link.group(1));
        }
      }
    }

    assertThat(links).isGreaterThan(20);
    assertThat(broken).isEmpty();
  }

  @Test
  void everyTypeThatIsNamedExists() throws IOException {
    Set<String> types = new HashSet<>();
    for (Path source : files(ROOT, ".java")) {
      Matcher type = TYPE.matcher(Files.readString(source));
      while (type.find()) {
        types.add(type.group(1));
      }
    }
    List<String> unknown = new ArrayList<>();
    for (Path document : files(ROOT.resolve("docs"), ".md")) {
      Matcher name = TYPE_NAME.matcher(Files.readString(document));
      while (name.find()) {
        if (!types.contains(name.group(1))) {
          unknown.add(ROOT.relativize(document) + ": " + name.group(1));
        }
      }
    }

    assertThat(types).hasSizeGreaterThan(500);
    assertThat(unknown).isEmpty();
  }

  /** The files below a folder, without those that a build makes. */
  private static List<Path> files(Path folder, String suffix) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path entered, BasicFileAttributes unused) {
            String name = entered.getFileName().toString();
            return name.equals("target") || name.startsWith(".")
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes unused) {
            if (file.toString().endsWith(suffix)) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }
}
