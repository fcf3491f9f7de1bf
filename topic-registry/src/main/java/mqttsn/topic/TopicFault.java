package mqttsn.topic;

/** Why a text is no topic name or no topic filter; see {@link TopicRules}. */
public enum TopicFault {
  EMPTY("at least one character"),
  TOO_LONG("fewer octets"),
  TOO_MANY_LEVELS("fewer levels"),
  FORBIDDEN_CHARACTER("no control characters"),
  WILDCARD_IN_NAME("no wildcard (+ or #) in a topic name"),
  MISPLACED_WILDCARD("+ alone in its level, # alone in the last one"),
  BROKEN_SHARE("$share/NAME/FILTER");

  private final String expected;

  TopicFault(String expected) {
    this.expected = expected;
  }

  /** What would have been right: completes "expected ..." in a message. */
  public String expected() {
    return expected;
  }
}
