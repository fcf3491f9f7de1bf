package mqttsn.gateway.session;

import mqttsn.codec.NormalId;
import mqttsn.codec.PredefinedId;
import mqttsn.codec.PublishTopic;
import mqttsn.codec.RegAck;
import mqttsn.codec.Register;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.ShortName;
import mqttsn.topic.PredefinedTopics;
import mqttsn.topic.TopicRules;
import mqttsn.topic.TopicTable;
import org.jspecify.annotations.Nullable;

/** The three topic id spaces of one client (§6.5, §6.7, §7.3), kept apart. */
final class ClientTopics {

  private static final int RESERVED_TOPIC_IDS = 64;

  private final SessionContext context;
  private final IdReserve reserve = new IdReserve(RESERVED_TOPIC_IDS);
  private TopicTable normal;

  /** What {@link #predefined} was taken from; another one after a reconfiguration. */
  private PredefinedTopics allPredefined;

  private PredefinedTopics.View predefined;

  ClientTopics(SessionContext context) {
    this.context = context;
    this.normal = new TopicTable(context.settings().sessions().maxTopics());
    this.allPredefined = context.settings().predefinedTopics();
    this.predefined = allPredefined.forClient(context.clientId);
  }

  /** Goes on where a record ends. */
  void restore(TopicTable.Snapshot snapshot) {
    int lastId = reserve.behind(snapshot.lastId()) % TopicTable.MAX_TOPIC_ID;
    normal =
        TopicTable.restore(
            new TopicTable.Snapshot(lastId, snapshot.topics()),
            context.settings().sessions().maxTopics());
  }

  TopicTable normal() {
    return normal;
  }

  int size() {
    return normal.size();
  }

  /** As {@link TopicTable#register}. */
  @Nullable NormalId register(String name) {
    int before = normal.size();
    NormalId topicId = normal.register(name);
    if (normal.size() > before && reserve.take()) {
      context.changedForGood();
    }
    return topicId;
  }

  PredefinedTopics.View predefined() {
    PredefinedTopics configured = context.settings().predefinedTopics();
    if (configured != allPredefined) {
      allPredefined = configured;
      predefined = configured.forClient(context.clientId);
    }
    return predefined;
  }

  /** REGISTER of the client: a repeated name gets its id again (§6.5). */
  void register(Register register) {
    boolean publishable = isPublishable(register.topicName());
    NormalId topicId = publishable ? register(register.topicName()) : null;
    if (topicId == null) {
      context.act(publishable ? Action.Refusal.TOPIC_IDS_EXHAUSTED : Action.Refusal.TOPIC);
      context.toClient(new RegAck(0, register.msgId(), ReturnCode.NOT_SUPPORTED));
      return;
    }
    normal.confirm(topicId);
    context.toClient(new RegAck(topicId.topicId(), register.msgId(), ReturnCode.ACCEPTED));
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
