/**
 * Fuzz tests with Jazzer: the committed inputs in the normal test run, new ones for a minute each
 * with {@code JAZZER_FUZZ=1}, one test class at a time.
 */
@NullMarked
package mqttsn.gateway.fuzz;

import org.jspecify.annotations.NullMarked;
