/**
 * What an operator sees of a daemon over HTTP: a small server, bearer tokens, metrics.
 *
 * <p>Reading order: {@link mqttsn.daemon.admin.AdminServer}, {@link mqttsn.daemon.admin.Routes},
 * {@code RequestHandler} (one connection), {@code Gatekeeper} (who may ask), {@link
 * mqttsn.daemon.admin.Meters}.
 */
@NullMarked
package mqttsn.daemon.admin;

import org.jspecify.annotations.NullMarked;
