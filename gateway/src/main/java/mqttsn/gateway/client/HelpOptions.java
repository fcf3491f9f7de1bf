package mqttsn.gateway.client;

import picocli.CommandLine.Option;

/** {@code --help} and {@code --version} of a command whose -h is a host. */
public final class HelpOptions {

  @Option(names = "--help", usageHelp = true, description = "Show this help.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  boolean version;
}
