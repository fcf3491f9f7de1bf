/** What the gateway tells its operator over HTTP: metrics, health, status page. */
@NullMarked
package mqttsn.gateway.admin;

import org.jspecify.annotations.NullMarked;
