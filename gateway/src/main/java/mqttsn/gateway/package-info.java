/**
 * Command line and wiring of the gateway.
 *
 * <p>Reading order: {@link mqttsn.gateway.Main}, {@code GatewayProgram} (the command line), {@code
 * RunningGateway} (the parts and how they hang together), {@code Reload}.
 */
@NullMarked
package mqttsn.gateway;

import org.jspecify.annotations.NullMarked;
