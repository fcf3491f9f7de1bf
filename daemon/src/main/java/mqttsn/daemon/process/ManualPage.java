package mqttsn.daemon.process;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The commands of a program and their options, as the middle of its manual page: roff, man(7). */
final class ManualPage {
  private final StringBuilder roff = new StringBuilder();

  private ManualPage() {}

  /** A section for each command that {@code --help} shows. */
  static String commands(CommandLine program) {
    ManualPage page = new ManualPage();
    for (CommandLine command : program.getSubcommands().values()) {
      if (!command.getCommandSpec().usageMessage().hidden()) {
        page.command(command.getCommandSpec());
      }
    }
    return page.roff.toString();
  }

  private void command(CommandSpec spec) {
    line(".SS " + escaped(spec.name()));
    line(text(spec.usageMessage().description()));
    for (OptionSpec option : spec.options()) {
      if (!option.hidden()) {
        line(".TP");
        line(names(option));
        line(text(option.description()));
      }
    }
    spec.usageMessage()
        .exitCodeList()
        .forEach(
            (code, meaning) -> {
              line(".TP");
              line("exit code " + escaped(code));
              line(text(meaning));
            });
  }

  private static String names(OptionSpec option) {
    List<String> names = new ArrayList<>();
    for (String name : option.names()) {
      names.add("\\fB" + escaped(name) + "\\fR");
    }
    String value = option.arity().max() == 0 ? "" : " \\fI" + escaped(option.paramLabel()) + "\\fR";
    return String.join(", ", names) + value;
  }

  /** picocli's descriptions are formats. */
  private static String text(String... lines) {
    return escaped(String.format(String.join(" ", lines)).strip());
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\e")
        .replace("-", "\\-")
        .replace("'", "\\(aq")
        .replaceAll("(?m)^\\.", "\\\\&.");
  }

  private void line(String line) {
    roff.append(line).append('\n');
  }
}
