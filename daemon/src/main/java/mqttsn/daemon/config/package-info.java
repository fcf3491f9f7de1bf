/** Configuration files: strict binding of YAML to records, and back to YAML with all defaults. */
@NullMarked
package mqttsn.daemon.config;

import org.jspecify.annotations.NullMarked;
