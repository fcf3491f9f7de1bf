package mqttsn.gateway;

import java.io.IOException;
import java.nio.file.Path;
import mqttsn.daemon.config.ConfigurationException;
import mqttsn.gateway.config.Configuration;
import mqttsn.gateway.session.Settings;
import mqttsn.topic.PredefinedTopics;
import mqttsn.topic.PredefinedTopicsException;
import mqttsn.topic.PredefinedTopicsFile;

/** What counts at one time: a configuration, and the predefined topics of the file it names. */
record InForce(Configuration configuration, PredefinedTopics predefinedTopics) {

  /**
   * Reads the file.
   *
   * @throws ConfigurationException with one line, if it cannot be used
   */
  static InForce read(Configuration configuration) throws ConfigurationException {
    Path file = configuration.topics().predefined();
    try {
      return new InForce(
          configuration, file == null ? PredefinedTopics.NONE : PredefinedTopicsFile.read(file));
    } catch (PredefinedTopicsException e) {
      throw new ConfigurationException(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new ConfigurationException("topics.predefined " + e.getMessage());
    }
  }

  /**
   * What it says to the core.
   *
   * @param firstSequence where the sequence numbers of publishes begin
   */
  Settings forTheCore(long firstSequence) {
    return CoreSettings.of(configuration, predefinedTopics, firstSequence);
  }
}
