package mqttsn.topic;

/** Why a text is no topic name or no topic filter; see {@link TopicRules}. */
public enum TopicFault {
  EMPTY("it is empty"),
  TOO_LONG("it has too many octets"),
  TOO_MANY_LEVELS("it has too many levels"),
  FORBIDDEN_CHARACTER("it has a control character or one that is no character in Unicode"),
  WILDCARD_IN_NAME("a topic name has no wildcard (+ or #)"),
  MISPLACED_WILDCARD("+ stands alone in its level, # alone in the last level"),
  BROKEN_SHARE("a shared subscription is $share/NAME/FILTER");

  private final String reason;

  TopicFault(String reason) {
    this.reason = reason;
  }

  /** Half a sentence for a log line or an error message. */
  public String reason() {
    return reason;
  }
}
