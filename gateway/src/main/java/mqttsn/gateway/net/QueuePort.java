package mqttsn.gateway.net;

import java.util.List;
import mqttsn.gateway.session.QueuedMessage;

/**
 * The disk side of the durable queue; called in the event loop, which it never blocks. It answers
 * through {@link Driver#fromQueue}.
 */
public interface QueuePort {

  /** There is no queue, and the core asks for none. */
  QueuePort NONE =
      new QueuePort() {
        @Override
        public void enqueue(QueuedMessage message) {
          throw new IllegalStateException("there is no queue");
        }

        @Override
        public void release(long number) {
          throw new IllegalStateException("there is no queue");
        }

        @Override
        public void dequeue(long number) {
          throw new IllegalStateException("there is no queue");
        }

        @Override
        public void fetch(List<Long> numbers) {
          throw new IllegalStateException("there is no queue");
        }
      };

  void enqueue(QueuedMessage message);

  void release(long number);

  void dequeue(long number);

  void fetch(List<Long> numbers);
}
