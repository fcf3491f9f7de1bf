package mqttsn.codec;

/** A message that a client may receive; the three of discovery are broadcast and reach all. */
public sealed interface ToClient extends Message
    permits Advertise,
        SearchGw,
        GwInfo,
        ConnAck,
        WillTopicReq,
        WillMsgReq,
        Register,
        RegAck,
        Publish,
        PubAck,
        PubRec,
        PubRel,
        PubComp,
        SubAck,
        UnsubAck,
        PingReq,
        PingResp,
        Disconnect,
        WillTopicResp,
        WillMsgResp {}
