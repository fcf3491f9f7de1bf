package mqttsn.daemon.process;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import mqttsn.daemon.config.ConfigurationException;
import mqttsn.daemon.config.Effective;
import mqttsn.daemon.log.Log;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/**
 * The command line that our programs have in common: {@code run}, {@code check-config}, {@code
 * --help}, {@code --version}, and the exit codes of {@link ExitCode}.
 *
 * @param <C> the program's configuration
 */
public final class CommandLineProgram<C extends Record> {
  private final Serving<C> serving;

  private CommandLineProgram(Serving<C> serving) {
    this.serving = serving;
  }

  /** Does what {@code args} say and ends the process. */
  public static <C extends Record> void main(Program<C> program, String... args) {
    int exitCode = ExitCode.FAULT;
    Serving<C> serving = new Serving<>(program);
    try {
      Path file = serving.plainly(args);
      exitCode = file == null ? commandLine(program).execute(args) : serving.run(file);
    } catch (ConfigurationException | IOException | RuntimeException e) {
      exitCode = failed(e, System.err::println);
    } catch (Error e) {
      Logger.error(e, "This is a fault of the program");
    }
    Log.flush();
    System.exit(exitCode);
  }

  /** The command line, to be executed by {@link #main} or by a test. */
  public static <C extends Record> CommandLine commandLine(Program<C> program) {
    CommandLineProgram<C> commands = new CommandLineProgram<>(new Serving<>(program));
    CommandLine root = new CommandLine(new Root());
    root.setCommandName(program.name());
    root.getCommandSpec().usageMessage().description(program.description());
    add(root, commands.new Run());
    add(root, commands.new CheckConfig());
    program.moreCommands().forEach(command -> add(root, command));
    add(root, new Completion());
    add(root, new Manual());
    CommandSpec spec = root.getCommandSpec();
    spec.mixinStandardHelpOptions(true).version(program.name() + " " + version());
    // Done by the launcher, before there is a virtual machine.
    spec.usageMessage()
        .footer(
            "",
            program.name()
                + " share-classes makes a class-data archive for this Java; later starts are"
                + " quicker with it.");
    root.setExecutionExceptionHandler(
        (e, command, parsed) -> failed(e, line -> println(command.getErr(), line)));
    root.setUsageHelpAutoWidth(true);
    return root;
  }

  private static void add(CommandLine root, Object command) {
    CommandLine subcommand = new CommandLine(command);
    CommandSpec spec = subcommand.getCommandSpec();
    // A command that needs -h for something else brings its own --help.
    if (spec.findOption("--help") == null) {
      spec.mixinStandardHelpOptions(true);
    }
    spec.version(root.getCommandName() + " " + version());
    root.addSubcommand(subcommand);
  }

  /** The version of the distribution; a class folder has none. */
  public static String version() {
    String version = CommandLineProgram.class.getPackage().getImplementationVersion();
    return version == null ? "(unpackaged)" : version;
  }

  /** One line instead of a stack trace, for what an operator can mend. */
  private static int failed(Exception e, Consumer<String> say) {
    boolean isForTheOperator = e instanceof ConfigurationException || e instanceof IOException;
    if (isForTheOperator) {
      Log.flush();
      say.accept(String.valueOf(e.getMessage()));
    } else {
      Logger.error(e, "This is a fault of the program");
    }
    return e instanceof ConfigurationException ? ExitCode.USAGE : ExitCode.FAULT;
  }

  private static void println(PrintWriter to, String line) {
    to.println(line);
    to.flush();
  }

  private Path file(ConfigOption option) {
    return option.config != null ? option.config : serving.usualFile();
  }

  private static final class ConfigOption {
    @Option(
        names = {Serving.CONFIG_SHORT, Serving.CONFIG},
        paramLabel = "FILE",
        description = "The configuration; default: the one in conf/ beside bin/.")
    private @Nullable Path config;
  }

  @Command
  private static final class Root implements Runnable {
    @CommandLine.Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
      throw new CommandLine.ParameterException(
          Objects.requireNonNull(spec).commandLine(), "Expected a command");
    }
  }

  @Command(
      name = Serving.COMMAND,
      description = "Serves until SIGTERM; SIGHUP reads the configuration again.",
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        "0:ended by SIGTERM",
        "1:a socket cannot be bound, or another fault",
        "2:wrong usage or configuration"
      })
  private final class Run implements Callable<Integer> {
    @Mixin private final ConfigOption config = new ConfigOption();

    @Override
    public Integer call() throws ConfigurationException, IOException {
      return serving.run(file(config));
    }
  }

  @Command(
      name = "check-config",
      description = "Prints the configuration in force, with every default, or what is wrong.",
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {"0:it can be used", "2:wrong usage or configuration"})
  private final class CheckConfig implements Callable<Integer> {
    @Mixin private final ConfigOption config = new ConfigOption();

    @CommandLine.Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws ConfigurationException {
      C configuration = serving.checked(file(config));
      print(Objects.requireNonNull(spec).commandLine(), Effective.toYaml(configuration));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "completion",
      description =
          "Prints what bash needs to complete commands and options: source <(... completion).")
  private static final class Completion implements Runnable {
    @CommandLine.Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
      CommandLine root = Objects.requireNonNull(spec).root().commandLine();
      print(root, AutoComplete.bash(root.getCommandName(), root));
    }
  }

  /** For the build, which puts it between the parts of the manual page that are written by hand. */
  @Command(
      name = "manual",
      hidden = true,
      description = "Prints the commands as sections of the manual page.")
  private static final class Manual implements Runnable {
    @CommandLine.Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
      CommandLine root = Objects.requireNonNull(spec).root().commandLine();
      print(root, ManualPage.commands(root));
    }
  }

  private static void print(CommandLine command, String text) {
    PrintWriter out = command.getOut();
    out.print(text);
    out.flush();
  }
}
