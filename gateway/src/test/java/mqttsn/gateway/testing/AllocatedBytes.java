package mqttsn.gateway.testing;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What a piece of work allocates in its thread, which is the same each time it is measured. */
public final class AllocatedBytes {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private AllocatedBytes() {}

  /**
   * Octets in each of {@code measured} rounds.
   *
   * @param warmUp rounds before, in which everything that is made once is made
   */
  public static long perRound(int warmUp, int measured, Runnable round) {
    for (int i = 0; i < warmUp; i++) {
      round.run();
    }
    long thread = Thread.currentThread().getId();
    long before = THREADS.getThreadAllocatedBytes(thread);
    for (int i = 0; i < measured; i++) {
      round.run();
    }
    return (THREADS.getThreadAllocatedBytes(thread) - before) / measured;
  }
}
