package mqttsn.forwarder.config;

import mqttsn.daemon.config.Default;
import org.tinylog.Level;

/**
 * The section {@code log}.
 *
 * @param level the least severe lines that are written
 */
public record Log(@Default("info") Level level) {}
