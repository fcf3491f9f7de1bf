package mqttsn.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import mqttsn.gateway.session.MalformedDatagrams.Reaction;
import mqttsn.gateway.session.MalformedDatagrams.Sender;
import mqttsn.gateway.session.MalformedDatagrams.Vector;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Malformed and borderline datagrams, octets to actions: proves 5.2-2 5.2-3 5.3-2 5.4-2 5.4-3. */
class MalformedDatagramsTest {

  /** M31 is a CONNECT of another client, M85 a good DISCONNECT. */
  private static final Set<String> ENDS_THE_SESSION = Set.of("M31", "M85");

  private final List<Vector> table =
      MalformedDatagrams.parse(Resources.lines("conformance/malformed.txt"));

  MalformedDatagramsTest() throws IOException {}

  @TestFactory
  Stream<DynamicTest> everyReactionIsAsTheTableSays() {
    return table.stream()
        .flatMap(
            vector ->
                vector.reactions().stream()
                    .map(
                        reaction ->
                            dynamicTest(
                                vector.name() + " " + reaction.sender().label(),
                                () ->
                                    assertThat(vector.play(reaction.sender()))
                                        .isEqualTo(reaction))));
  }

  @TestFactory
  Stream<DynamicTest> sessionSurvives() {
    return table.stream()
        .filter(vector -> !ENDS_THE_SESSION.contains(vector.name()))
        .map(
            vector ->
                dynamicTest(
                    vector.name(),
                    () -> assertThat(vector.playThenPing()).containsExactly("a< PINGRESP")));
  }

  @Test
  void everyDatagramMeetsEverySender() {
    assertThat(table)
        .hasSize(57)
        .allSatisfy(
            vector ->
                assertThat(vector.reactions())
                    .extracting(Reaction::sender)
                    .containsExactlyElementsOf(Arrays.asList(Sender.values())));
  }
}
