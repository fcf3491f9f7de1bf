package mqttsn.gateway.broker;

/** What is counted since the start, over all connections. Touched in the event loop only. */
final class Counters {
  long connects;
  long reconnects;
  long failedAttempts;
  long refusals;
  long losses;
  long packetsToBroker;
  long packetsFromBroker;
  long skippedOversize;
  long tooLargeForBroker;
  long unsendable;

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
