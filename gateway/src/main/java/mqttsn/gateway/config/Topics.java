package mqttsn.gateway.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code topics}.
 *
 * @param predefined the file of predefined topics; null for none
 */
public record Topics(@Nullable Path predefined) {}
