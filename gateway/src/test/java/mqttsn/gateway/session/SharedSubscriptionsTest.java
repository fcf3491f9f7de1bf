package mqttsn.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import org.junit.jupiter.api.Test;

/** Who gets a message, by the subscription identifiers that come with its copies. */
class SharedSubscriptionsTest {

  private static final long FIRST_PROCESS = 1_000_000;
  private static final long SECOND_PROCESS = 9_000_000;
  private static final BrokerLink LINK = new BrokerLink(1);

  @Test
  void ofTwoCopiesOneGoesToTheSubscriberOfBothFilters() {
    SharedSubscriptions subscriptions = new SharedSubscriptions(FIRST_PROCESS);
    int exact = subscriptions.add(LINK, "a/b", Qos.ONE).subscriptionIdentifier;
    int wild = subscriptions.add(LINK, "a/#", Qos.ONE).subscriptionIdentifier;
    assertThat(subscriptions.receivers(copy(exact))).containsKey(LINK);
    assertThat(subscriptions.receivers(copy(wild))).isEmpty();
  }

  @Test
  void copyOfAnEndedFilterGoesToNobody() {
    SharedSubscriptions subscriptions = new SharedSubscriptions(FIRST_PROCESS);
    int ended = subscriptions.add(LINK, "a/#", Qos.ONE).subscriptionIdentifier;
    subscriptions.remove(LINK, "a/#");
    int again = subscriptions.add(LINK, "a/#", Qos.ONE).subscriptionIdentifier;
    assertThat(subscriptions.receivers(copy(ended))).isEmpty();
    assertThat(subscriptions.receivers(copy(again))).containsKey(LINK);
  }

  @Test
  void identifierOfAnEarlierProcessSaysNothing() {
    int before =
        new SharedSubscriptions(FIRST_PROCESS).add(LINK, "b", Qos.ONE).subscriptionIdentifier;
    SharedSubscriptions subscriptions = new SharedSubscriptions(SECOND_PROCESS);
    int now = subscriptions.add(LINK, "c", Qos.ONE).subscriptionIdentifier;
    subscriptions.add(LINK, "a/b", Qos.ONE);
    assertThat(now).isNotEqualTo(before);
    assertThat(subscriptions.receivers(copy(before))).containsKey(LINK);
  }

  private static BrokerEvent.Publish copy(int identifier) {
    return new BrokerEvent.Publish(
        1,
        "a/b",
        Octets.EMPTY,
        Qos.ONE,
        false,
        false,
        new SubscriptionIdentifiers(List.of(identifier)));
  }
}
