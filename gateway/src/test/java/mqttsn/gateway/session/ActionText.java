package mqttsn.gateway.session;

import java.util.function.Function;
import java.util.stream.Collectors;
import mqttsn.codec.text.MessageText;

/** Actions as lines of text, as scenario files have them. */
final class ActionText {

  private ActionText() {}

  static String render(Action action, Function<BrokerLink, String> linkNames) {
    if (action instanceof Action.Send send) {
      return Addresses.name(send.address()) + "< " + MessageText.render(send.message());
    }
    if (action instanceof Action.Broadcast all) {
      return "all< " + MessageText.render(all.message()) + radius(all.radius());
    }
    if (action instanceof Action.BroadcastVia via) {
      return Addresses.name(via.via())
          + "*< "
          + MessageText.render(via.message())
          + radius(via.radius());
    }
    if (action instanceof Action.Command command) {
      return linkNames.apply(command.link()) + "< " + BrokerText.render(command.command());
    }
    if (action instanceof Action.OpenLink open) {
      return linkNames.apply(open.link()) + " " + BrokerText.render(open.connect());
    }
    if (action instanceof Action.CloseLink close) {
      return linkNames.apply(close.link()) + " closes " + Labels.of(close.farewell());
    }
    if (action instanceof Action.Tell tell) {
      Notice notice = tell.notice();
      return "tells " + Labels.of(notice.event()) + " " + notice.clientId();
    }
    if (action instanceof Action.Persist persist) {
      return "persists " + persist.session().clientId();
    }
    if (action instanceof Action.Enqueue enqueue) {
      return "queue< " + QueueText.render(enqueue.message());
    }
    if (action instanceof Action.Release release) {
      return "queue< release " + release.number();
    }
    if (action instanceof Action.Dequeue dequeue) {
      return "queue< dequeue " + dequeue.number();
    }
    if (action instanceof Action.Fetch fetch) {
      return "queue< fetch "
          + fetch.numbers().stream().map(String::valueOf).collect(Collectors.joining(" "));
    }
    if (action instanceof Action.Drop drop) {
      return "drop " + drop.label();
    }
    if (action instanceof Action.Refusal refusal) {
      return "refusal " + refusal.label();
    }
    return action instanceof Action.Tally tally ? "tally " + Labels.of(tally) : action.toString();
  }

  private static String radius(int radius) {
    return radius == 0 ? "" : " radius=" + radius;
  }
}
