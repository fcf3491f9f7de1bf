package mqttsn.forwarder.config;

/**
 * The configuration of a forwarder, {@code forwarder.yaml}.
 *
 * @param nodes where nodes are heard
 * @param gateway where their datagrams go
 * @param admin metrics and health
 * @param log what is logged
 */
public record Configuration(Nodes nodes, Gateways gateway, Admin admin, Log log) {}
