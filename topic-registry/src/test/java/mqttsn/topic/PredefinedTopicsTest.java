package mqttsn.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import mqttsn.codec.PredefinedId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PredefinedTopicsTest {

  private static final PredefinedTopics TOPICS =
      PredefinedTopics.of(
          List.of(
              topic("pump-7", "seven", 1),
              topic("*", "all", 1),
              topic("pump-*", "pumps", 1),
              topic("p*", "p", 1),
              topic("*", "common", 2),
              topic("pump-*", "pressure", 3),
              topic("pump-7", "common", 9),
              topic("pump-*", "pressure", 4)));

  @Test
  void prefersTheNarrowestDefinition() {
    assertThat(nameOf("pump-7", 1)).isEqualTo("seven");
    assertThat(nameOf("pump-8", 1)).isEqualTo("pumps");
    assertThat(nameOf("pump-", 1)).isEqualTo("pumps");
    assertThat(nameOf("pump-77", 1)).isEqualTo("pumps");
    assertThat(nameOf("pump", 1)).isEqualTo("p");
    assertThat(nameOf("fan", 1)).isEqualTo("all");
    assertThat(nameOf("", 1)).isEqualTo("all");
  }

  @Test
  void fallsBackToTheWiderDefinition() {
    assertThat(nameOf("pump-7", 2)).isEqualTo("common");
    assertThat(nameOf("pump-7", 3)).isEqualTo("pressure");
    assertThat(nameOf("pump-8", 2)).isEqualTo("common");
    assertThat(nameOf("fan", 3)).isNull();
    assertThat(nameOf("fan", 65_535)).isNull();
  }

  @Test
  void findsTheIdOfAName() {
    assertThat(idOf("pump-8", "pumps")).isEqualTo(new PredefinedId(1));
    assertThat(idOf("pump-8", "pressure")).isEqualTo(new PredefinedId(3));
    assertThat(idOf("fan", "common")).isEqualTo(new PredefinedId(2));
    assertThat(idOf("pump-7", "common")).isEqualTo(new PredefinedId(9));
    assertThat(idOf("fan", "pressure")).isNull();
  }

  @Test
  void findsNoIdThatMeansAnotherNameForThisClient() {
    assertThat(idOf("fan", "all")).isEqualTo(new PredefinedId(1));
    assertThat(idOf("pump-8", "all")).isNull();
    assertThat(idOf("pump-7", "pumps")).isNull();
  }

  @Test
  void givesUnknownClientsTheTopicsForAll() {
    assertThat(TOPICS.forEveryone().nameOf(new PredefinedId(1))).isEqualTo("all");
    assertThat(TOPICS.forEveryone().nameOf(new PredefinedId(3))).isNull();
    assertThat(PredefinedTopics.NONE.forEveryone().nameOf(new PredefinedId(1))).isNull();
    assertThat(PredefinedTopics.NONE.forClient("pump-7").idOf("all")).isNull();
  }

  @Test
  void sharesOneViewAmongClientsWithoutOwnTopics() {
    assertThat(TOPICS.forClient("fan")).isSameAs(TOPICS.forEveryone());
    assertThat(TOPICS.forClient("pump-8")).isSameAs(TOPICS.forClient("pump-9"));
    assertThat(TOPICS.forClient("pump-7")).isNotSameAs(TOPICS.forClient("pump-8"));
  }

  @Test
  void refusesTwoNamesForOneId() {
    PredefinedTopic a = topic("x*", "a", 5);
    assertThat(PredefinedTopics.of(List.of(a, a)).forClient("x1").nameOf(a.id())).isEqualTo("a");
    assertThatThrownBy(() -> PredefinedTopics.of(List.of(a, topic("x*", "b", 5))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("topic id 5 of 'x*': expected one name, not 'a' and 'b'");
  }

  @Test
  void refusesTopicsThatCannotBe() {
    assertThatThrownBy(() -> topic("", "a", 1)).hasMessageStartingWith("clients ''");
    assertThatThrownBy(() -> topic("a*b", "a", 1)).hasMessageStartingWith("clients 'a*b'");
    assertThatThrownBy(() -> topic("**", "a", 1)).hasMessageStartingWith("clients '**'");
    assertThatThrownBy(() -> topic("*", "a/#", 1)).hasMessageStartingWith("topic name 'a/#'");
    assertThatThrownBy(() -> topic("*", "a", 0)).hasMessage("topic id 0: expected 1 to 65534");
    assertThatThrownBy(() -> topic("*", "a", 65_535)).hasMessageStartingWith("topic id 65535");
  }

  @Test
  void behavesAsTheRulesSayForAnyDefinitions() {
    for (long seed = 1; seed <= 300; seed++) {
      Random random = new Random(seed);
      List<PredefinedTopic> topics = randomTopics(random);
      PredefinedTopics predefined = PredefinedTopics.of(topics);
      for (String clientId : List.of("", "a", "b", "ab", "ba", "aab", "abb", "aaba")) {
        PredefinedTopics.View view = predefined.forClient(clientId);
        for (int id = 1; id <= 6; id++) {
          assertThat(view.nameOf(new PredefinedId(id)))
              .as("seed %d, client %s, id %d", seed, clientId, id)
              .isEqualTo(narrowestName(topics, clientId, id));
        }
        for (String name : List.of("n0", "n1", "n2", "n3")) {
          PredefinedId id = view.idOf(name);
          boolean reachable =
              Stream.of(1, 2, 3, 4, 5, 6)
                  .anyMatch(each -> name.equals(narrowestName(topics, clientId, each)));
          assertThat(id != null)
              .as("seed %d, client %s, %s", seed, clientId, name)
              .isEqualTo(reachable);
          assertThat(id == null || name.equals(view.nameOf(id))).isTrue();
        }
      }
    }
  }

  private static List<PredefinedTopic> randomTopics(Random random) {
    List<PredefinedTopic> topics = new ArrayList<>();
    List<String> clients = List.of("*", "a*", "aa*", "ab*", "aab*", "b*", "a", "ab", "aab", "ba");
    for (String each : clients) {
      for (int id = 1; id <= 6; id++) {
        if (random.nextInt(4) == 0) {
          topics.add(topic(each, "n" + random.nextInt(4), id));
        }
      }
    }
    Collections.shuffle(topics, random);
    return topics;
  }

  private static @Nullable String narrowestName(
      List<PredefinedTopic> topics, String clientId, int id) {
    Optional<PredefinedTopic> narrowest =
        topics.stream()
            .filter(topic -> topic.id().topicId() == id)
            .filter(
                topic ->
                    topic.clients().endsWith("*")
                        ? clientId.startsWith(topic.clients().replace("*", ""))
                        : clientId.equals(topic.clients()))
            .max(
                Comparator.comparing((PredefinedTopic topic) -> !topic.clients().endsWith("*"))
                    .thenComparing(topic -> topic.clients().length()));
    return narrowest.map(PredefinedTopic::name).orElse(null);
  }

  private static @Nullable String nameOf(String clientId, int id) {
    return TOPICS.forClient(clientId).nameOf(new PredefinedId(id));
  }

  private static @Nullable PredefinedId idOf(String clientId, String name) {
    return TOPICS.forClient(clientId).idOf(name);
  }

  private static PredefinedTopic topic(String clients, String name, int id) {
    return new PredefinedTopic(clients, name, new PredefinedId(id));
  }
}
