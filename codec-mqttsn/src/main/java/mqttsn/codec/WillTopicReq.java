package mqttsn.codec;

/** WILLTOPICREQ (§5.4.6). */
public record WillTopicReq() implements ToClient {

  @Override
  public MessageType type() {
    return MessageType.WILLTOPICREQ;
  }
}
