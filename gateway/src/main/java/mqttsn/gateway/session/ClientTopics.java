package mqttsn.gateway.session;

import mqttsn.codec.NormalId;
import mqttsn.codec.PredefinedId;
import mqttsn.codec.PublishTopic;
import mqttsn.codec.ShortName;
import mqttsn.topic.PredefinedTopics;
import mqttsn.topic.TopicRules;
import mqttsn.topic.TopicTable;
import org.jspecify.annotations.Nullable;

/** The three topic id spaces of one client (§6.5, §6.7, §7.3), kept apart. */
final class ClientTopics {

  private final SessionContext context;
  private final TopicTable normal;

  ClientTopics(SessionContext context) {
    this.context = context;
    this.normal = new TopicTable(context.settings().sessions().maxTopics());
  }

  TopicTable normal() {
    return normal;
  }

  int size() {
    return normal.size();
  }

  PredefinedTopics.View predefined() {
    return context.settings().predefinedTopics().forClient(context.clientId);
  }

  /**
   * The name that a PUBLISH of the client means; null when the id stands for nothing, or the name
   * is not allowed.
   */
  @Nullable String nameOf(PublishTopic topic) {
    if (topic instanceof NormalId id) {
      return normal.nameOf(id);
    }
    if (topic instanceof PredefinedId id) {
      return predefined().nameOf(id);
    }
    return ((ShortName) topic).topicName();
  }

  /** Whether a name may stand in a PUBLISH: not empty, no wildcard, no U+0000. */
  static boolean isPublishable(String name) {
    return TopicRules.DEFAULT.allowsName(name);
  }
}
