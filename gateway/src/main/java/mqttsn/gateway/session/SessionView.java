package mqttsn.gateway.session;

/**
 * What an operator sees of a session.
 *
 * @param silentNanos since the last message of the client
 * @param wakesInNanos until a sleeper should wake up; 0 for others, and for those who are late
 * @param durationSeconds keep-alive; 0 for none
 * @param waitingMessages messages that wait for the client
 * @param waitingBytes octets that wait for the client
 * @param topics normal topic ids
 * @param brokerUp whether the broker connection of the session is up
 */
public record SessionView(
    String clientId,
    ClientAddress address,
    State state,
    long silentNanos,
    long wakesInNanos,
    int durationSeconds,
    boolean cleanSession,
    int waitingMessages,
    long waitingBytes,
    int topics,
    int subscriptions,
    boolean brokerUp) {}
