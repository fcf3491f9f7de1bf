package mqttsn.gateway.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import mqttsn.codec.Decoded;
import mqttsn.codec.text.MessageText;

/**
 * What happened last, to be read after a failure. Lines are rendered only then, so that keeping
 * them costs little.
 */
final class Transcript {

  private static final int MAX_LINES = Integer.getInteger("simulation.keep", 20_000);

  private record Line(long at, String who, String how, Object what) {}

  private final Deque<Line> lines = new ArrayDeque<>();

  /**
   * Adds a line.
   *
   * @param who what it is about
   * @param what a message, or anything else that says by itself what it is
   */
  void add(long at, String who, String how, Object what) {
    if (lines.size() == MAX_LINES) {
      lines.remove();
    }
    lines.add(new Line(at, who, how, what));
  }

  /** The last lines that name what is looked for; all for an empty text. */
  String render(int maxLines, String about) {
    StringBuilder text = new StringBuilder();
    Deque<String> chosen = new ArrayDeque<>();
    for (Line line : lines) {
      String rendered = render(line);
      if (rendered.contains(about)) {
        if (chosen.size() == maxLines) {
          chosen.remove();
        }
        chosen.add(rendered);
      }
    }
    chosen.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private static String render(Line line) {
    String what =
        line.what instanceof Decoded decoded
            ? MessageText.render(decoded)
            : line.what instanceof byte[] octets ? octets.length + " octets" : line.what.toString();
    return String.format(Locale.ROOT, "%s %-6s %s %s", time(line.at), line.who, line.how, what);
  }

  /** Hours, minutes, seconds and milliseconds. */
  static String time(long nanos) {
    long millis = nanos / Timeline.MILLISECOND;
    return String.format(
        Locale.ROOT,
        "%02d:%02d:%02d.%03d",
        millis / 3_600_000,
        millis / 60_000 % 60,
        millis / 1_000 % 60,
        millis % 1_000);
  }
}
