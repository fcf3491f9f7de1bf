package mqttsn.gateway.store;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * What an iterator gives, taken from it by a thread of its own: some slices ahead of who reads
 * here, and no more, whatever there is. To be read once.
 */
public final class ReadAhead<T> implements Iterable<T>, AutoCloseable {

  private static final int SLICE = 256;
  private static final int SLICES = 4;

  /**
   * Some elements.
   *
   * @param isLast whether nothing comes behind them
   * @param failure why nothing comes behind them
   */
  private record Slice<T>(List<T> elements, boolean isLast, @Nullable Throwable failure) {}

  private final BlockingQueue<Slice<T>> slices = new ArrayBlockingQueue<>(SLICES);
  private final Iterator<T> source;
  private final Thread thread;
  private volatile boolean isClosed;

  /** Begins to read. */
  public ReadAhead(String threadName, Iterator<T> source) {
    this.source = source;
    this.thread = new Thread(this::read, threadName);
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits for what is not read yet; fails as the source did. */
  @Override
  public Iterator<T> iterator() {
    return new Slices();
  }

  /** Returns when the source is read no more. */
  @Override
  public void close() {
    isClosed = true;
    try {
      while (thread.isAlive()) {
        slices.clear(); // room for the slice at hand, which is the last one
        thread.join(10);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    try {
      boolean isLast = false;
      while (!isLast && !isClosed) {
        List<T> elements = new ArrayList<>(SLICE);
        while (elements.size() < SLICE && source.hasNext()) {
          elements.add(source.next());
        }
        isLast = elements.size() < SLICE;
        slices.put(new Slice<>(elements, isLast, null));
      }
    } catch (RuntimeException | Error e) {
      putFailure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void putFailure(Throwable failure) {
    try {
      slices.put(new Slice<>(List.of(), true, failure));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Slices implements Iterator<T> {

    private Slice<T> slice = new Slice<>(List.of(), false, null);
    private int next;

    @Override
    public boolean hasNext() {
      while (next == slice.elements().size() && !slice.isLast()) {
        slice = taken();
        next = 0;
      }
      return next < slice.elements().size();
    }

    /** To be called after {@link #hasNext}. */
    @Override
    public T next() {
      return slice.elements().get(next++);
    }

    private Slice<T> taken() {
      try {
        Slice<T> taken = slices.take();
        if (taken.failure() != null) {
          throw new IllegalStateException("what is left cannot be read", taken.failure());
        }
        return taken;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while reading", e);
      }
    }
  }
}
