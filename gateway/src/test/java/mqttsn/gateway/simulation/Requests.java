package mqttsn.gateway.simulation;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Predicate;
import mqttsn.codec.Publish;
import mqttsn.codec.Subscribe;
import mqttsn.codec.ToGateway;
import org.jspecify.annotations.Nullable;

/** Requests of a client that wait for their answer: one of each kind, sent again by §6.13. */
final class Requests {

  static final long T_RETRY_NANOS = 10 * Timeline.SECOND;
  static final int N_RETRY = 3;

  /** What can be outstanding beside each other. */
  enum Kind {
    CONNECTION,
    REGISTER,
    SUBSCRIPTION,
    PUBLISH,
    WILL,
    PING
  }

  private static final class Request {
    ToGateway message;
    int retries;
    long number;

    Request(ToGateway message) {
      this.message = message;
    }
  }

  private final ModelClient client;
  private final Timeline timeline;
  private final Map<Kind, Request> outstanding = new EnumMap<>(Kind.class);
  private long lastNumber;

  Requests(ModelClient client, Timeline timeline) {
    this.client = client;
    this.timeline = timeline;
  }

  boolean isOutstanding(Kind kind) {
    return outstanding.containsKey(kind);
  }

  @Nullable ToGateway outstanding(Kind kind) {
    Request request = outstanding.get(kind);
    return request == null ? null : request.message;
  }

  /** Sends a request, in place of an earlier one of its kind. */
  void ask(Kind kind, ToGateway message) {
    Request request = new Request(message);
    outstanding.put(kind, request);
    send(kind, request);
  }

  /** Takes the request out if it is the one that was answered. */
  @Nullable ToGateway answered(Kind kind, Predicate<ToGateway> isAnswered) {
    Request request = outstanding.get(kind);
    if (request == null || !isAnswered.test(request.message)) {
      return null;
    }
    outstanding.remove(kind);
    return request.message;
  }

  /** T_retry starts again, because the gateway is at work (§6.14). */
  void prolong(Kind kind) {
    Request request = outstanding.get(kind);
    if (request != null) {
      arm(kind, request);
    }
  }

  void clear() {
    outstanding.clear();
  }

  private void send(Kind kind, Request request) {
    client.send(request.message);
    arm(kind, request);
  }

  private void arm(Kind kind, Request request) {
    long number = ++lastNumber;
    request.number = number;
    timeline.after(
        T_RETRY_NANOS,
        () -> {
          if (outstanding.get(kind) == request && request.number == number) {
            expired(kind, request);
          }
        });
  }

  private void expired(Kind kind, Request request) {
    if (request.retries == N_RETRY) {
      outstanding.remove(kind);
      client.unanswered(kind);
      return;
    }
    request.retries++;
    request.message = again(request.message);
    send(kind, request);
  }

  private static ToGateway again(ToGateway message) {
    if (message instanceof Publish p) {
      return new Publish(true, p.qos(), p.retain(), p.topic(), p.msgId(), p.data());
    }
    if (message instanceof Subscribe s) {
      return new Subscribe(true, s.qos(), s.msgId(), s.topic());
    }
    return message;
  }
}
