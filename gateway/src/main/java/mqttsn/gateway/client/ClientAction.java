package mqttsn.gateway.client;

import mqttsn.codec.PubAck;
import mqttsn.codec.ToClient;
import mqttsn.codec.ToGateway;

/** What {@link ClientProtocol} asks its shell to do, in this order. */
public sealed interface ClientAction {

  record Send(ToGateway message) implements ClientAction {}

  /** The exchange is over; the answer may be a rejection. */
  record Answered(Exchange exchange, ToClient answer) implements ClientAction {}

  record Failed(Exchange exchange, Failure failure) implements ClientAction {}

  record Deliver(Received message) implements ClientAction {}

  /** The gateway refused a PUBLISH that waits for no answer. */
  record Refused(PubAck pubAck) implements ClientAction {}

  /** The connection is gone without this client having asked for it. */
  record Ended(Failure failure) implements ClientAction {}
}
