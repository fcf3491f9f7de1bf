package mqttsn.gateway.session;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Who may have how much: new sessions, answers to strangers, and nodes behind one forwarder
 * (SI-37).
 */
final class Admission {

  /** Answers to one unknown address, a second. */
  private static final int ANSWERS_PER_STRANGER = 1;

  /** Answers to all unknown addresses, a second. */
  private static final int ANSWERS_TO_STRANGERS = 1_000;

  private final SourceRates<InetAddress> connectsBySource;
  private final SourceRates<InetSocketAddress> messagesByForwarder;
  private final SourceRates<ClientAddress> answersByStranger;
  private final RateLimit answersToStrangers;
  private final Map<InetSocketAddress, Integer> nodesByForwarder = new HashMap<>();
  private RateLimit connects;

  Admission(Settings settings, long now) {
    connectsBySource = new SourceRates<>(settings.sessions().connectRatePerSource(), now);
    connects = new RateLimit(settings.sessions().connectRate(), now);
    messagesByForwarder = new SourceRates<>(settings.forwarders().rate(), now);
    answersByStranger = new SourceRates<>(ANSWERS_PER_STRANGER, now);
    answersToStrangers = new RateLimit(ANSWERS_TO_STRANGERS, now);
  }

  void reconfigure(Settings settings, long now) {
    connectsBySource.rate(settings.sessions().connectRatePerSource());
    connects = new RateLimit(settings.sessions().connectRate(), now);
    messagesByForwarder.rate(settings.forwarders().rate());
  }

  /**
   * Whether a new session may begin now; the rate of the source comes first, so that one cannot use
   * up all.
   */
  boolean admitsConnect(ClientAddress from, long now) {
    return connectsBySource.admit(from.socket().getAddress(), now) && connects.admit(now);
  }

  /** Whether an address without a session gets an answer. */
  boolean answersStranger(ClientAddress stranger, long now) {
    return answersByStranger.admit(stranger, now) && answersToStrangers.admit(now);
  }

  /** Whether the forwarder, if there is one, is served. */
  static boolean allows(ClientAddress from, Settings.Forwarders forwarders) {
    return !from.isForwarded()
        || forwarders.allowed().isEmpty()
        || forwarders.allowed().contains(from.socket().getAddress());
  }

  /** Whether one more message is taken from this forwarder now: a broken one harms nobody else. */
  boolean admitsForwarded(ClientAddress from, long now) {
    return messagesByForwarder.admit(from.socket(), now);
  }

  /** Whether one more session fits behind the forwarder of this address, if there is one. */
  boolean hasRoomBehindForwarder(ClientAddress from, Settings.Forwarders forwarders) {
    return !from.isForwarded()
        || nodesByForwarder.getOrDefault(from.socket(), 0) < forwarders.maxNodes();
  }

  void occupied(ClientAddress address) {
    if (address.isForwarded()) {
      nodesByForwarder.merge(address.socket(), 1, Integer::sum);
    }
  }

  void vacated(ClientAddress address) {
    if (address.isForwarded()) {
      nodesByForwarder.computeIfPresent(
          address.socket(), (s, nodes) -> nodes == 1 ? null : nodes - 1);
    }
  }
}
