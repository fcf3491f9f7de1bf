package mqttsn.daemon.config;

/**
 * A configuration that cannot be used. The message is one line for the operator; where a file is at
 * fault it begins with {@code file:line:column: }.
 */
public final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1L;

  public ConfigurationException(String message) {
    super(message);
  }
}
