package mqttsn.topic;

/**
 * A value in a line of a file, for messages that point at it.
 *
 * @param number the line, from 1
 * @param line the whole line
 * @param start index of the value's first character in the line
 * @param end index after its last character
 */
record LineSpan(int number, String line, int start, int end) {

  private static final int MAX_QUOTED_CHARACTERS = 60;

  /** The line without its comment and the spaces around. */
  static LineSpan withoutComment(int number, String line) {
    int end = 0;
    while (end < line.length() && !isCommentAt(line, end)) {
      end++;
    }
    return new LineSpan(number, line, 0, end).trimmed();
  }

  String value() {
    return line.substring(start, end);
  }

  /** From 1, counted in characters of Unicode. */
  int column() {
    return line.codePointCount(0, start) + 1;
  }

  /** A part of the value, without the spaces around. */
  LineSpan part(int from, int to) {
    return new LineSpan(number, line, start + from, start + to).trimmed();
  }

  /** The value for a message of one line: not too long, control characters escaped. */
  String quoted() {
    StringBuilder quoted = new StringBuilder("'");
    value()
        .codePoints()
        .limit(MAX_QUOTED_CHARACTERS)
        .forEach(
            c -> {
              if (TopicRules.isForbidden(c)) {
                quoted.append("\\u%04X".formatted(c));
              } else {
                quoted.appendCodePoint(c);
              }
            });
    boolean whole = value().codePointCount(0, end - start) <= MAX_QUOTED_CHARACTERS;
    return quoted.append(whole ? "'" : "...'").toString();
  }

  private LineSpan trimmed() {
    int from = start;
    int to = end;
    while (from < to && isSpace(line.charAt(from))) {
      from++;
    }
    while (to > from && isSpace(line.charAt(to - 1))) {
      to--;
    }
    return new LineSpan(number, line, from, to);
  }

  private static boolean isCommentAt(String line, int index) {
    return line.charAt(index) == '#' && (index == 0 || isSpace(line.charAt(index - 1)));
  }

  private static boolean isSpace(char c) {
    return c == '\t' || Character.isSpaceChar(c);
  }
}
