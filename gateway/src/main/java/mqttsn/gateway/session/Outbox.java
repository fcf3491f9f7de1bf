package mqttsn.gateway.session;

import java.util.ArrayList;
import java.util.List;

/** Collects the actions of one input, for all procedures of all sessions. */
final class Outbox {

  /** Most inputs lead to no more. */
  private static final int USUAL_ACTIONS = 2;

  private List<Action> actions = new ArrayList<>(USUAL_ACTIONS);

  /** How many of them have to be done before the others. */
  private int first;

  void add(Action action) {
    actions.add(action);
  }

  /** Adds an action that has to be done before all others of this input but those like it. */
  void addFirst(Action action) {
    actions.add(first, action);
    first++;
  }

  /** The actions since the last drain, in order. */
  List<Action> drain() {
    if (actions.isEmpty()) {
      return List.of();
    }
    List<Action> drained = actions;
    actions = new ArrayList<>(USUAL_ACTIONS);
    first = 0;
    return drained;
  }
}
