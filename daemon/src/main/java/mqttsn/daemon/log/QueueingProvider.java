package mqttsn.daemon.log;

import org.jspecify.annotations.Nullable;
import org.tinylog.Level;
import org.tinylog.Supplier;
import org.tinylog.format.MessageFormatter;
import org.tinylog.provider.ContextProvider;
import org.tinylog.provider.LoggingProvider;
import org.tinylog.provider.NopContextProvider;
import org.tinylog.runtime.RuntimeProvider;

/**
 * What tinylog hands its lines to, found by its service loader: filters by {@link Log#level()} and
 * queues. Below warn only our own lines pass, unless the level is debug or finer; lines with keys
 * in them never do.
 */
public final class QueueingProvider implements LoggingProvider {
  private static final String OWN_PACKAGE = "mqttsn.";

  /** Writes whole TLS sessions, keys included, at debug. */
  private static final String TELLS_SECRETS = "io.netty.handler.codec.quic.BoringSSL";

  private final ContextProvider context = new NopContextProvider();

  @Override
  public ContextProvider getContextProvider() {
    return context;
  }

  /** Always the finest: tinylog asks once, and the level changes while the process runs. */
  @Override
  public Level getMinimumLevel() {
    return Level.TRACE;
  }

  @Override
  public Level getMinimumLevel(@Nullable String tag) {
    return Level.TRACE;
  }

  @Override
  public boolean isEnabled(int depth, @Nullable String tag, Level level) {
    return passes(level)
        && (isForAll(level) || mayTell(RuntimeProvider.getCallerClassName(depth + 1)));
  }

  @Override
  public boolean isEnabled(String loggerClassName, @Nullable String tag, Level level) {
    return passes(level)
        && (isForAll(level) || mayTell(RuntimeProvider.getCallerClassName(loggerClassName)));
  }

  @Override
  public void log(
      int depth,
      @Nullable String tag,
      Level level,
      @Nullable Throwable thrown,
      @Nullable MessageFormatter formatter,
      @Nullable Object message,
      @Nullable Object @Nullable ... arguments) {
    if (isEnabled(depth + 1, tag, level)) {
      queue(level, thrown, formatter, message, arguments);
    }
  }

  @Override
  public void log(
      String loggerClassName,
      @Nullable String tag,
      Level level,
      @Nullable Throwable thrown,
      @Nullable MessageFormatter formatter,
      @Nullable Object message,
      @Nullable Object @Nullable ... arguments) {
    if (isEnabled(loggerClassName, tag, level)) {
      queue(level, thrown, formatter, message, arguments);
    }
  }

  @Override
  public void shutdown() {
    Log.flush();
  }

  private static boolean passes(Level level) {
    return level.compareTo(Log.level()) >= 0;
  }

  private static boolean isForAll(Level level) {
    return level.compareTo(Level.WARN) >= 0;
  }

  /** Whether lines below warn of this class pass. */
  private static boolean mayTell(String className) {
    return className.startsWith(OWN_PACKAGE)
        || (Log.level().compareTo(Level.DEBUG) <= 0 && !className.startsWith(TELLS_SECRETS));
  }

  private static void queue(
      Level level,
      @Nullable Throwable thrown,
      @Nullable MessageFormatter formatter,
      @Nullable Object message,
      @Nullable Object @Nullable [] arguments) {
    Object said = message instanceof Supplier<?> supplier ? supplier.get() : message;
    String text = said == null ? "" : said.toString();
    if (formatter != null && arguments != null && arguments.length > 0) {
      text = formatter.format(text, arguments);
    }
    Log.write(new LogLine(level, System.currentTimeMillis(), text, thrown));
  }
}
