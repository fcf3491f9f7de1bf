package mqttsn.gateway.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mqttsn.topic.PredefinedTopic;
import mqttsn.topic.PredefinedTopics;
import mqttsn.topic.PredefinedTopicsException;
import mqttsn.topic.PredefinedTopicsFile;
import mqttsn.topic.TopicRules;

/** Any file gives topics that can be used, or an error of one line that names the file. */
class PredefinedTopicsFuzzTest {

  private static final Path FILE = temporaryFile();

  @FuzzTest(maxDuration = "1m")
  void readsAnything(byte[] content) throws IOException {
    Files.write(FILE, content);
    try {
      PredefinedTopics topics = PredefinedTopicsFile.read(FILE);
      for (PredefinedTopic topic : topics.topics()) {
        assertThat(TopicRules.DEFAULT.allowsName(topic.name())).isTrue();
        assertThat(topic.id().topicId()).isBetween(1, 0xFFFE);
      }
    } catch (PredefinedTopicsException e) {
      assertThat(e.getMessage()).startsWith(FILE.toString()).doesNotContain("\n");
    }
  }

  private static Path temporaryFile() {
    try {
      Path file = Files.createTempFile("predefined", ".csv");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
