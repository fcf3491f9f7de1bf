package mqttsn.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import mqttsn.codec.ConnAck;
import mqttsn.codec.Connect;
import mqttsn.codec.Disconnect;
import mqttsn.codec.Named;
import mqttsn.codec.NormalId;
import mqttsn.codec.Octets;
import mqttsn.codec.PingReq;
import mqttsn.codec.PingResp;
import mqttsn.codec.PredefinedId;
import mqttsn.codec.PubAck;
import mqttsn.codec.PubComp;
import mqttsn.codec.PubRec;
import mqttsn.codec.PubRel;
import mqttsn.codec.Publish;
import mqttsn.codec.PublishTopic;
import mqttsn.codec.Qos;
import mqttsn.codec.RegAck;
import mqttsn.codec.Register;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.ShortName;
import mqttsn.codec.SubAck;
import mqttsn.codec.Subscribe;
import mqttsn.codec.ToClient;
import mqttsn.codec.UnsubAck;
import mqttsn.codec.Unsubscribe;
import mqttsn.codec.WillMsgReq;
import mqttsn.codec.WillMsgResp;
import mqttsn.codec.WillMsgUpd;
import mqttsn.codec.WillTopicReq;
import mqttsn.gateway.client.ClientAction.Answered;
import mqttsn.gateway.client.ClientAction.Deliver;
import mqttsn.gateway.client.ClientAction.Ended;
import mqttsn.gateway.client.ClientAction.Failed;
import mqttsn.gateway.client.ClientAction.Refused;
import mqttsn.gateway.client.ClientAction.Send;
import org.junit.jupiter.api.Test;

/** The client's side of the procedures of §6, in virtual time. */
class ClientProtocolTest {

  private static final Octets ON = Octets.utf8("on");
  private static final Connect CONNECT = new Connect(false, true, 60, "sens1");
  private static final ConnAck ACCEPTED = new ConnAck(ReturnCode.ACCEPTED);

  private final ClientProtocol client =
      new ClientProtocol(new ClientSettings("sens1", Duration.ofSeconds(10), 2));
  private long now;

  @Test
  void connectsWithoutWill() {
    Exchange connect = Exchange.of(CONNECT);
    assertThat(begin(connect)).containsExactly(new Send(CONNECT));
    assertThat(receive(ACCEPTED)).containsExactly(new Answered(connect, ACCEPTED));
    assertThat(client.state()).isEqualTo(ClientState.ACTIVE);
  }

  @Test
  void handsTheWillOverWhenItIsPromptedForIt() {
    ClientWill will = ClientWill.of("sens1/lwt", Qos.ONE, true, Octets.utf8("offline"));
    Exchange connect = Exchange.of(new Connect(true, true, 60, "sens1"), will);
    begin(connect);
    assertThat(receive(new WillTopicReq())).containsExactly(new Send(will.willTopic()));
    assertThat(receive(new WillMsgReq())).containsExactly(new Send(will.willMsg()));
    assertThat(receive(ACCEPTED)).containsExactly(new Answered(connect, ACCEPTED));
  }

  @Test
  void answersAPromptThatIsRepeated() {
    ClientWill will = ClientWill.of("sens1/lwt", Qos.ONE, true, Octets.EMPTY);
    begin(Exchange.of(new Connect(true, true, 60, "sens1"), will));
    receive(new WillTopicReq());
    assertThat(receive(new WillTopicReq())).containsExactly(new Send(will.willTopic()));
  }

  @Test
  void refusesAWillThatConnectDoesNotAnnounce() {
    assertThatThrownBy(() -> Exchange.of(CONNECT, ClientWill.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("will");
  }

  @Test
  void staysDisconnectedWhenConnectIsRejected() {
    begin(Exchange.of(CONNECT));
    receive(new ConnAck(ReturnCode.CONGESTION));
    assertThat(client.state()).isEqualTo(ClientState.DISCONNECTED);
  }

  @Test
  void repeatsConnectUntilItGivesUp() {
    Exchange connect = Exchange.of(CONNECT);
    begin(connect);
    assertThat(waitFor(10)).containsExactly(new Send(CONNECT));
    assertThat(waitFor(10)).containsExactly(new Send(CONNECT));
    assertThat(waitFor(10)).containsExactly(new Failed(connect, Failure.NO_ANSWER));
    assertThat(client.deadline()).isEqualTo(ClientProtocol.NEVER);
  }

  @Test
  void takesAnUnreachablePortForTheAnswerToConnect() {
    Exchange connect = Exchange.of(CONNECT);
    begin(connect);
    assertThat(client.unreachable(now)).containsExactly(new Failed(connect, Failure.UNREACHABLE));
  }

  @Test
  void survivesAnUnreachablePortWhileConnected() {
    connect();
    assertThat(client.unreachable(now)).isEmpty();
    assertThat(client.state()).isEqualTo(ClientState.ACTIVE);
  }

  @Test
  void registersANameAndKnowsItsIdFromThenOn() {
    connect();
    Exchange register = Exchange.of(new Register(0, 0, "s1/temp"));
    assertThat(begin(register)).containsExactly(new Send(new Register(0, 1, "s1/temp")));
    RegAck regAck = new RegAck(7, 1, ReturnCode.ACCEPTED);
    assertThat(receive(regAck)).containsExactly(new Answered(register, regAck));
    assertThat(client.idOf("s1/temp")).isEqualTo(new NormalId(7));
  }

  @Test
  void ignoresAnswersToOtherMsgIds() {
    connect();
    begin(Exchange.of(new Register(0, 0, "s1/temp")));
    assertThat(receive(new RegAck(7, 2, ReturnCode.ACCEPTED))).isEmpty();
    assertThat(client.idOf("s1/temp")).isNull();
  }

  @Test
  void publishesQos0WithoutMsgIdAndWithoutWaiting() {
    connect();
    Exchange publish = publish(Qos.ZERO, new NormalId(1));
    assertThat(begin(publish))
        .containsExactly(
            new Send(new Publish(false, Qos.ZERO, false, new NormalId(1), 0, ON)),
            new Answered(publish, new PubAck(0, 0, ReturnCode.ACCEPTED)));
  }

  @Test
  void tellsThatAQos0PublishWasRefused() {
    connect();
    begin(publish(Qos.ZERO, new NormalId(99)));
    PubAck refusal = new PubAck(99, 0, ReturnCode.INVALID_TOPIC_ID);
    assertThat(receive(refusal)).containsExactly(new Refused(refusal));
  }

  @Test
  void repeatsAQos1PublishWithDup() {
    connect();
    Exchange publish = publish(Qos.ONE, new NormalId(1));
    begin(publish);
    assertThat(waitFor(10))
        .containsExactly(new Send(new Publish(true, Qos.ONE, false, new NormalId(1), 1, ON)));
    PubAck pubAck = new PubAck(1, 1, ReturnCode.ACCEPTED);
    assertThat(receive(pubAck)).containsExactly(new Answered(publish, pubAck));
  }

  @Test
  void publishesQos2InFourSteps() {
    connect();
    Exchange publish = publish(Qos.TWO, new ShortName("t1"));
    begin(publish);
    assertThat(receive(new PubRec(1))).containsExactly(new Send(new PubRel(1)));
    assertThat(waitFor(10)).containsExactly(new Send(new PubRel(1)));
    assertThat(receive(new PubComp(1))).containsExactly(new Answered(publish, new PubComp(1)));
  }

  @Test
  void endsQos2WithTheErrorThatPubAckTells() {
    connect();
    Exchange publish = publish(Qos.TWO, new NormalId(9));
    begin(publish);
    PubAck refusal = new PubAck(9, 1, ReturnCode.INVALID_TOPIC_ID);
    assertThat(receive(refusal)).containsExactly(new Answered(publish, refusal));
  }

  @Test
  void doesNotTakeAnAcceptingPubAckForTheEndOfQos2() {
    connect();
    begin(publish(Qos.TWO, new NormalId(1)));
    assertThat(receive(new PubAck(1, 1, ReturnCode.ACCEPTED))).isEmpty();
  }

  @Test
  void keepsOnePublishOutstandingAndTheOrderOfAll() {
    connect();
    begin(publish(Qos.ONE, new NormalId(1)));
    Exchange second = publish(Qos.ZERO, new NormalId(2));
    assertThat(begin(second)).isEmpty();
    assertThat(receive(new PubAck(1, 1, ReturnCode.ACCEPTED)))
        .contains(new Send(new Publish(false, Qos.ZERO, false, new NormalId(2), 0, ON)));
  }

  @Test
  void publishesQosMinus1WithoutAConnection() {
    Exchange publish = publish(Qos.MINUS_ONE, new PredefinedId(10));
    assertThat(begin(publish))
        .contains(new Send(new Publish(false, Qos.MINUS_ONE, false, new PredefinedId(10), 0, ON)));
  }

  @Test
  void refusesAPublishWithoutAConnection() {
    Exchange publish = publish(Qos.ONE, new PredefinedId(10));
    assertThat(begin(publish)).containsExactly(new Failed(publish, Failure.NOT_CONNECTED));
  }

  @Test
  void isLostWhenAPublishGoesUnanswered() {
    connect();
    Exchange publish = publish(Qos.ONE, new NormalId(1));
    begin(publish);
    waitFor(10);
    waitFor(10);
    assertThat(waitFor(10))
        .containsExactly(new Failed(publish, Failure.NO_ANSWER), new Ended(Failure.NO_ANSWER));
    assertThat(client.state()).isEqualTo(ClientState.LOST);
  }

  @Test
  void subscribesByNameAndReceivesUnderTheIdOfSubAck() {
    connect();
    Exchange subscribe = Exchange.of(new Subscribe(false, Qos.ONE, 0, new Named("s1/temp")));
    assertThat(begin(subscribe))
        .containsExactly(new Send(new Subscribe(false, Qos.ONE, 1, new Named("s1/temp"))));
    receive(new SubAck(Qos.ONE, 4, 1, ReturnCode.ACCEPTED));
    assertThat(receive(new Publish(false, Qos.ONE, false, new NormalId(4), 9, ON)))
        .containsExactly(
            new Deliver(new Received(new NormalId(4), "s1/temp", Qos.ONE, false, false, ON)),
            new Send(new PubAck(4, 9, ReturnCode.ACCEPTED)));
  }

  @Test
  void learnsTheNamesUnderAWildcardFromRegister() {
    connect();
    begin(Exchange.of(new Subscribe(false, Qos.ZERO, 0, new Named("s1/#"))));
    receive(new SubAck(Qos.ZERO, 0, 1, ReturnCode.ACCEPTED));
    assertThat(receive(new Register(5, 0x1234, "s1/temp")))
        .containsExactly(new Send(new RegAck(5, 0x1234, ReturnCode.ACCEPTED)));
    assertThat(receive(new Publish(false, Qos.ZERO, true, new NormalId(5), 0, ON)))
        .containsExactly(
            new Deliver(new Received(new NormalId(5), "s1/temp", Qos.ZERO, true, false, ON)));
  }

  @Test
  void repeatsSubscribeWithDupAndUnsubscribeWithout() {
    connect();
    begin(Exchange.of(new Subscribe(false, Qos.ONE, 0, new Named("a"))));
    assertThat(waitFor(10))
        .containsExactly(new Send(new Subscribe(true, Qos.ONE, 1, new Named("a"))));
    Exchange unsubscribe = Exchange.of(new Unsubscribe(0, new Named("a")));
    assertThat(begin(unsubscribe)).isEmpty();
    assertThat(receive(new SubAck(Qos.ONE, 4, 1, ReturnCode.ACCEPTED)))
        .contains(new Send(new Unsubscribe(2, new Named("a"))));
    assertThat(receive(new UnsubAck(2)))
        .containsExactly(new Answered(unsubscribe, new UnsubAck(2)));
  }

  @Test
  void refusesAPublishUnderAnIdItDoesNotKnow() {
    connect();
    assertThat(receive(new Publish(false, Qos.ONE, false, new NormalId(77), 3, ON)))
        .containsExactly(new Send(new PubAck(77, 3, ReturnCode.INVALID_TOPIC_ID)));
  }

  @Test
  void deliversAQos2MessageOnceHoweverOftenItComes() {
    connect();
    Publish first = new Publish(false, Qos.TWO, false, new ShortName("t1"), 3, ON);
    Publish again = new Publish(true, Qos.TWO, false, new ShortName("t1"), 3, ON);
    assertThat(receive(first))
        .containsExactly(
            new Deliver(new Received(new ShortName("t1"), "t1", Qos.TWO, false, false, ON)),
            new Send(new PubRec(3)));
    assertThat(receive(again)).containsExactly(new Send(new PubRec(3)));
    assertThat(receive(new PubRel(3))).containsExactly(new Send(new PubComp(3)));
    assertThat(receive(first)).hasSize(2);
  }

  @Test
  void deliversAPredefinedTopicUnderItsNumber() {
    connect();
    assertThat(receive(new Publish(false, Qos.ZERO, false, new PredefinedId(10), 0, ON)))
        .containsExactly(
            new Deliver(new Received(new PredefinedId(10), "10", Qos.ZERO, false, false, ON)));
  }

  @Test
  void pingsBeforeTheKeepAliveEnds() {
    connect();
    assertThat(waitFor(44)).isEmpty();
    assertThat(waitFor(1)).containsExactly(new Send(new PingReq("")));
    receive(new PingResp());
    assertThat(waitFor(45)).containsExactly(new Send(new PingReq("")));
  }

  @Test
  void doesNotPingWhileItPublishes() {
    connect();
    waitFor(30);
    begin(publish(Qos.ZERO, new NormalId(1)));
    assertThat(waitFor(44)).isEmpty();
  }

  @Test
  void answersThePingOfItsGateway() {
    assertThat(receive(new PingReq(""))).isEmpty();
    connect();
    assertThat(receive(new PingReq(""))).containsExactly(new Send(new PingResp()));
  }

  @Test
  void sleepsAndWakesUpToCollectMessages() {
    connect();
    begin(Exchange.of(new Disconnect(300)));
    receive(new Disconnect(0));
    assertThat(client.state()).isEqualTo(ClientState.ASLEEP);
    assertThat(client.deadline()).isEqualTo(ClientProtocol.NEVER);

    Exchange wake = Exchange.of(new PingReq("sens1"));
    assertThat(begin(wake)).containsExactly(new Send(new PingReq("sens1")));
    assertThat(client.state()).isEqualTo(ClientState.AWAKE);
    receive(new Publish(false, Qos.ZERO, false, new ShortName("t1"), 0, ON));
    assertThat(receive(new PingResp())).containsExactly(new Answered(wake, new PingResp()));
    assertThat(client.state()).isEqualTo(ClientState.ASLEEP);
  }

  @Test
  void restartsTRetryWithEveryMessageWhileAwake() {
    asleep();
    begin(Exchange.of(new PingReq("sens1")));
    now += seconds(9);
    receive(new Publish(false, Qos.ZERO, false, new ShortName("t1"), 0, ON));
    assertThat(waitFor(9)).isEmpty();
    assertThat(waitFor(1)).containsExactly(new Send(new PingReq("sens1")));
  }

  @Test
  void goesBackToSleepWhenNobodyAnswersItsPing() {
    asleep();
    Exchange wake = Exchange.of(new PingReq("sens1"));
    begin(wake);
    waitFor(10);
    waitFor(10);
    assertThat(waitFor(10)).containsExactly(new Failed(wake, Failure.NO_ANSWER));
    assertThat(client.state()).isEqualTo(ClientState.ASLEEP);
  }

  @Test
  void endsWhenTheGatewayDisconnects() {
    connect();
    Exchange publish = publish(Qos.ONE, new NormalId(1));
    begin(publish);
    assertThat(receive(new Disconnect(0)))
        .containsExactly(
            new Failed(publish, Failure.DISCONNECTED), new Ended(Failure.DISCONNECTED));
    assertThat(client.state()).isEqualTo(ClientState.DISCONNECTED);
  }

  @Test
  void disconnectsAndTakesTheAnswerForOne() {
    connect();
    Exchange disconnect = Exchange.of(new Disconnect(0));
    begin(disconnect);
    assertThat(receive(new Disconnect(0)))
        .containsExactly(new Answered(disconnect, new Disconnect(0)));
    assertThat(client.state()).isEqualTo(ClientState.DISCONNECTED);
  }

  @Test
  void forgetsTopicIdsWithACleanSessionOnly() {
    connect();
    receive(new Register(5, 1, "s1/temp"));
    begin(Exchange.of(new Connect(false, false, 60, "sens1")));
    receive(ACCEPTED);
    assertThat(client.idOf("s1/temp")).isEqualTo(new NormalId(5));
    connect();
    assertThat(client.idOf("s1/temp")).isNull();
  }

  @Test
  void updatesItsWill() {
    connect();
    Exchange update = Exchange.of(new WillMsgUpd(ON));
    assertThat(begin(update)).containsExactly(new Send(new WillMsgUpd(ON)));
    WillMsgResp answer = new WillMsgResp(ReturnCode.NOT_SUPPORTED);
    assertThat(receive(answer)).containsExactly(new Answered(update, answer));
  }

  @Test
  void choosesMsgIdsFromOneTo65535() {
    connect();
    for (int msgId = 1; msgId <= 0xFFFF; msgId++) {
      begin(publish(Qos.ONE, new NormalId(1)));
      receive(new PubAck(1, msgId, ReturnCode.ACCEPTED));
    }
    assertThat(begin(publish(Qos.ONE, new NormalId(1))))
        .containsExactly(new Send(new Publish(false, Qos.ONE, false, new NormalId(1), 1, ON)));
  }

  @Test
  void limitsWhatWaits() {
    connect();
    for (int i = 0; i <= ClientProtocol.MAX_WAITING; i++) {
      begin(publish(Qos.ONE, new NormalId(1)));
    }
    Exchange oneTooMany = publish(Qos.ONE, new NormalId(1));
    assertThat(begin(oneTooMany)).containsExactly(new Failed(oneTooMany, Failure.TOO_MANY));
  }

  private void connect() {
    begin(Exchange.of(CONNECT));
    receive(ACCEPTED);
  }

  private void asleep() {
    connect();
    begin(Exchange.of(new Disconnect(300)));
    receive(new Disconnect(0));
  }

  private static Exchange publish(Qos qos, PublishTopic topic) {
    return Exchange.of(new Publish(false, qos, false, topic, 0, ON));
  }

  private List<ClientAction> begin(Exchange exchange) {
    return client.begin(exchange, now);
  }

  private List<ClientAction> receive(ToClient message) {
    return client.received(message, now);
  }

  private List<ClientAction> waitFor(long seconds) {
    now += seconds(seconds);
    return client.timeout(now);
  }

  private static long seconds(long seconds) {
    return Duration.ofSeconds(seconds).toNanos();
  }
}
