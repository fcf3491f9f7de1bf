/**
 * Configuration files: strict binding of YAML to records, and back to YAML with all defaults.
 *
 * <p>Reading order: {@link mqttsn.daemon.config.Binder} (what a record may have), {@code Scalars}
 * (one value), {@code YamlText} (positions and errors), {@link mqttsn.daemon.config.Effective} (the
 * way back).
 */
@NullMarked
package mqttsn.daemon.config;

import org.jspecify.annotations.NullMarked;
