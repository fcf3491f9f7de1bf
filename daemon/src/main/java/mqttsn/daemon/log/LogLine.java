package mqttsn.daemon.log;

import org.jspecify.annotations.Nullable;
import org.tinylog.Level;

/** One event for the log; {@code epochMillis} is when it was said, not when it is written. */
record LogLine(Level level, long epochMillis, String message, @Nullable Throwable thrown) {}
