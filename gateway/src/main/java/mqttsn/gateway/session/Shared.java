package mqttsn.gateway.session;

/** What all sessions of a gateway share. */
final class Shared {

  final Outbox out = new Outbox();
  final BufferBudget budget;
  Settings settings;

  Shared(Settings settings) {
    this.settings = settings;
    this.budget = new BufferBudget(settings.sessions().buffersTotalBytes());
  }
}
