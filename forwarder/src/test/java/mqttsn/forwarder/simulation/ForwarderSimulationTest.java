package mqttsn.forwarder.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.UnaryOperator;
import mqttsn.codec.Octets;
import org.junit.jupiter.api.Test;

/** Each node's messages arrive unchanged, and their answers at this node alone. */
class ForwarderSimulationTest {

  private static final int KNOWN_WORLDS = 20;
  private static final int FRESH_WORLDS = 5;

  @Test
  void everythingHoldsInKnownWorlds() {
    for (long seed = 1; seed <= KNOWN_WORLDS; seed++) {
      live(seed);
    }
  }

  @Test
  void everythingHoldsInFreshWorlds() {
    long first = System.nanoTime();
    for (long seed = first; seed < first + FRESH_WORLDS; seed++) {
      live(seed);
    }
  }

  @Test
  void changedMessageIsNoticed() {
    assertThatThrownBy(() -> live(1, octets -> ending(octets, "2E"))).hasMessageContaining("sent");
  }

  @Test
  void answerForAnotherNodeIsNoticed() {
    // The last octet of a node id is that of the port.
    assertThatThrownBy(
            () ->
                live(
                    1,
                    octets -> {
                      String hex = octets.toString();
                      return Octets.hex(hex.replaceFirst("^(09FE00C0000207..)E8", "$1E9"));
                    }))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void lostAnswerIsNoticed() {
    assertThatThrownBy(
            () ->
                live(
                    1,
                    octets ->
                        octets.toString().contains(Octets.utf8("answer 3").toString())
                            ? Octets.EMPTY
                            : octets))
        .hasMessageContaining("never answered in the calm: [3:");
  }

  private static Octets ending(Octets octets, String lastOctet) {
    String hex = octets.toString();
    return hex.contains("FE") ? Octets.hex(hex.substring(0, hex.length() - 2) + lastOctet) : octets;
  }

  private static void live(long seed) {
    try {
      live(seed, octets -> octets);
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  private static void live(long seed, UnaryOperator<Octets> wire) {
    ForwarderWorld.Outcome outcome = new ForwarderWorld(seed, wire).live();
    assertThat(outcome.arrived()).isGreaterThan(1_000);
    assertThat(outcome.answered()).isGreaterThan(1_000);
  }
}
