package mqttsn.gateway.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Order of one stream: what comes out for the first time comes in the order in which it went in.
 * What went in again may come out at either place.
 */
final class Sequence {

  private final List<String> in;
  private final Set<String> out = new HashSet<>();
  private int next;

  Sequence() {
    this(new ArrayList<>());
  }

  /**
   * @param in what goes in, now and later
   */
  Sequence(List<String> in) {
    this.in = in;
  }

  void enters(String payload) {
    in.add(payload);
  }

  /** False when it comes too late. */
  boolean leaves(String payload) {
    if (!out.add(payload)) {
      return true;
    }
    for (int i = next; i < in.size(); i++) {
      if (in.get(i).equals(payload)) {
        next = i + 1;
        return true;
      }
    }
    return false;
  }
}
