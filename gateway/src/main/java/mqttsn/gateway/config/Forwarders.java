package mqttsn.gateway.config;

import java.util.List;
import mqttsn.daemon.config.Default;
import mqttsn.daemon.config.Range;

/**
 * The section {@code forwarders} (§5.5).
 *
 * @param allow addresses whose encapsulated messages are taken; empty for any
 * @param rate messages a second through one forwarder
 */
public record Forwarders(
    List<IpAddress> allow, @Default("20000") @Range(min = 1, max = 1_000_000) int rate) {}
