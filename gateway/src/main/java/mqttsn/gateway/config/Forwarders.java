package mqttsn.gateway.config;

import java.util.List;

/**
 * The section {@code forwarders} (§5.5).
 *
 * @param allow addresses whose encapsulated messages are taken; empty for any
 */
public record Forwarders(List<IpAddress> allow) {}
