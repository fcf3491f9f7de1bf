package mqttsn.codec;

/** A message that a gateway may receive; the three of discovery are broadcast and reach all. */
public sealed interface ToGateway extends Message
    permits Advertise,
        SearchGw,
        GwInfo,
        Connect,
        WillTopic,
        WillMsg,
        Register,
        RegAck,
        Publish,
        PubAck,
        PubRec,
        PubRel,
        PubComp,
        Subscribe,
        Unsubscribe,
        PingReq,
        PingResp,
        Disconnect,
        WillTopicUpd,
        WillMsgUpd {}
