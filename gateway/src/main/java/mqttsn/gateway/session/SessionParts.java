package mqttsn.gateway.session;

/** What a session consists of: its procedures, wired together. Each of them owns its data. */
final class SessionParts {

  final ClientTopics topics;
  final Uplink uplink;
  final ConnectDialogue dialogue;
  final WillKeeper wills;
  final Subscriptions subscriptions;
  final ClientPublish clientPublish;
  final BrokerAcknowledgements acknowledgements;
  final GatewayPublish gatewayPublish;
  final SleepCycle sleep;
  final KeepAlive keepAlive;
  final PacketIdentifiers packetIdentifiers;

  SessionParts(SessionContext context, long now) {
    topics = new ClientTopics(context);
    uplink = new Uplink(context);
    packetIdentifiers = new PacketIdentifiers(this::isPacketIdentifierInUse);
    wills = new WillKeeper(context, uplink, packetIdentifiers);
    dialogue = new ConnectDialogue(context, wills, uplink);
    subscriptions = new Subscriptions(context, topics, uplink, packetIdentifiers);
    clientPublish = new ClientPublish(context, topics, uplink, packetIdentifiers);
    acknowledgements = new BrokerAcknowledgements(context, uplink);
    gatewayPublish = new GatewayPublish(context, topics, subscriptions, acknowledgements);
    sleep = new SleepCycle(context, uplink, gatewayPublish, acknowledgements);
    keepAlive = new KeepAlive(context, now);
  }

  private boolean isPacketIdentifierInUse(int packetIdentifier) {
    return clientPublish.uses(packetIdentifier)
        || subscriptions.uses(packetIdentifier)
        || wills.uses(packetIdentifier);
  }
}
