package mqttsn.daemon.admin;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** What answers at a path. */
public interface Resource {
  /**
   * Called on the admin thread, which must not wait; the answer may come from any thread, within
   * {@link AdminServer#ANSWER_DEADLINE}.
   */
  CompletionStage<Response> get(Request request);

  /** A resource that answers at once. */
  static Resource of(Supplier<Response> answer) {
    return request -> CompletableFuture.completedFuture(answer.get());
  }

  /** A resource whose answer is made by {@code executor}, such as the daemon's event loop. */
  static Resource on(Executor executor, Supplier<Response> answer) {
    return request -> CompletableFuture.supplyAsync(answer, executor);
  }
}
