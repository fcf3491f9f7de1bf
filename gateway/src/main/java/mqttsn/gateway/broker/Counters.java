package mqttsn.gateway.broker;

import mqttsn.daemon.net.LatencyHistogram;

/** What is counted since the start, over all connections. Touched in the event loop only. */
final class Counters {
  /** From a PUBLISH with QoS 1 to its PUBACK; to be read from any thread. */
  final LatencyHistogram roundTrip = new LatencyHistogram();

  long connects;
  long reconnects;
  long failedAttempts;
  long refusals;
  long losses;
  long moves;
  long packetsToBroker;
  long packetsFromBroker;
  long skippedOversize;
  long tooLargeForBroker;
  long unsendable;

  /**
   * A link that is tried until closed has connected: again, unless nothing was left before, as at
   * the first connect of the gateway's own link.
   */
  void countReconnect() {
    if (reconnects < losses + moves) {
      reconnects++;
    }
  }

  BrokerStatus.Counts snapshot() {
    return new BrokerStatus.Counts(
        connects,
        reconnects,
        failedAttempts,
        refusals,
        losses,
        packetsToBroker,
        packetsFromBroker,
        skippedOversize,
        tooLargeForBroker,
        unsendable);
  }
}
