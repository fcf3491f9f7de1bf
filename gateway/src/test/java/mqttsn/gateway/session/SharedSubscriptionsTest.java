package mqttsn.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import org.junit.jupiter.api.Test;

/** Who gets a message, by the subscription identifiers that come with its copies. */
class SharedSubscriptionsTest {

  private static final BrokerLink LINK = new BrokerLink(1);

  @Test
  void ofTwoCopiesOneGoesToTheSubscriberOfBothFilters() {
    SharedSubscriptions subscriptions = new SharedSubscriptions();
    int exact = subscriptions.add(LINK, "a/b", Qos.ONE).subscriptionIdentifier;
    int wild = subscriptions.add(LINK, "a/#", Qos.ONE).subscriptionIdentifier;
    int copies =
        subscriptions.receivers(copy(exact)).size() + subscriptions.receivers(copy(wild)).size();
    assertThat(copies).isEqualTo(1);
  }

  @Test
  void ofTwoCopiesTheSubscriberGetsTheOneWithItsHigherQos() {
    for (String withMore : List.of("a/b", "a/#")) {
      SharedSubscriptions subscriptions = new SharedSubscriptions();
      String withLess = withMore.equals("a/b") ? "a/#" : "a/b";
      SharedSubscriptions.Filter less = subscriptions.add(LINK, withLess, Qos.ZERO);
      SharedSubscriptions.Filter more = subscriptions.add(LINK, withMore, Qos.ONE);
      less.granted(Qos.ZERO);
      more.granted(Qos.ONE);
      assertThat(subscriptions.receivers(copy(less.subscriptionIdentifier))).isEmpty();
      assertThat(subscriptions.receivers(copy(more.subscriptionIdentifier)))
          .containsEntry(LINK, Qos.ONE);
    }
  }

  @Test
  void copyOfAFilterCountsAsSoonAsTheBrokerHasGrantedIt() {
    SharedSubscriptions subscriptions = new SharedSubscriptions();
    SharedSubscriptions.Filter granted = subscriptions.add(LINK, "a/b", Qos.ZERO);
    SharedSubscriptions.Filter asked = subscriptions.add(LINK, "a/#", Qos.ONE);
    granted.granted(Qos.ZERO);
    assertThat(subscriptions.receivers(copy(granted.subscriptionIdentifier))).containsKey(LINK);
    asked.granted(Qos.ONE);
    assertThat(subscriptions.receivers(copy(granted.subscriptionIdentifier))).isEmpty();
    assertThat(subscriptions.receivers(copy(asked.subscriptionIdentifier))).containsKey(LINK);
  }

  @Test
  void retainedMessageOfANewSubscriptionArrivesWhateverElseMatches() {
    SharedSubscriptions subscriptions = new SharedSubscriptions();
    subscriptions.add(LINK, "a/#", Qos.TWO).granted(Qos.TWO);
    SharedSubscriptions.Filter latest = subscriptions.add(LINK, "a/b", Qos.ONE);
    latest.retainedGoTo(LINK);
    BrokerEvent.Publish retained = copy(latest.subscriptionIdentifier, true);
    assertThat(subscriptions.receivers(retained)).containsKey(LINK);
  }

  @Test
  void copyOfAnEndedFilterGoesToNobody() {
    SharedSubscriptions subscriptions = new SharedSubscriptions();
    int ended = subscriptions.add(LINK, "a/#", Qos.ONE).subscriptionIdentifier;
    subscriptions.remove(LINK, "a/#");
    int wanted = subscriptions.add(LINK, "a/b", Qos.ONE).subscriptionIdentifier;
    assertThat(subscriptions.receivers(copy(ended))).isEmpty();
    assertThat(subscriptions.receivers(copy(wanted))).containsKey(LINK);
  }

  @Test
  void anotherProcessGivesTheSameIdentifiers() {
    SharedSubscriptions before = new SharedSubscriptions();
    int exact = before.add(LINK, "a/b", Qos.ONE).subscriptionIdentifier;
    int wild = before.add(LINK, "a/#", Qos.ONE).subscriptionIdentifier;
    SharedSubscriptions after = new SharedSubscriptions();
    after.add(LINK, "a/#", Qos.ONE);
    after.add(LINK, "a/b", Qos.ONE);
    assertThat(after.receivers(copy(exact))).isEqualTo(before.receivers(copy(exact)));
    assertThat(after.receivers(copy(wild))).isEqualTo(before.receivers(copy(wild)));
  }

  private static BrokerEvent.Publish copy(int identifier) {
    return copy(identifier, false);
  }

  private static BrokerEvent.Publish copy(int identifier, boolean retain) {
    return new BrokerEvent.Publish(
        1,
        "a/b",
        Octets.EMPTY,
        Qos.ONE,
        retain,
        false,
        new SubscriptionIdentifiers(List.of(identifier)));
  }
}
