package mqttsn.codec;

/** WILLTOPICRESP (§5.4.24). */
public record WillTopicResp(ReturnCode returnCode) implements ToClient {

  @Override
  public MessageType type() {
    return MessageType.WILLTOPICRESP;
  }
}
