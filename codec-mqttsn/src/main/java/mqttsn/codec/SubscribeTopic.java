package mqttsn.codec;

/** What a SUBSCRIBE or UNSUBSCRIBE names its topic by (§5.4.15). */
public sealed interface SubscribeTopic permits Named, PredefinedId, ShortName {}
