package mqttsn.gateway.session;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import mqttsn.topic.TopicTable;
import org.jspecify.annotations.Nullable;

/** The record of a session in tests, with single components changed. */
public final class TestSessionRecord {

  private final String clientId;
  private ClientAddress address;
  private State state;
  private boolean cleanSession;
  private final int durationSeconds;
  private int sleepSeconds;
  private long silentNanos;
  private @Nullable Will will;
  private TopicTable.Snapshot topics;
  private List<SessionRecord.Subscription> subscriptions;
  private List<SessionRecord.Exchange> exchanges;
  private List<Integer> completed;
  private SessionRecord.@Nullable Outstanding outstanding;
  private List<SessionRecord.Message> waiting;
  private Set<Integer> received;
  private int lastMsgId;
  private int lastPacketIdentifier;
  private @Nullable Will leavingWill;

  private TestSessionRecord(SessionRecord record) {
    clientId = record.clientId();
    address = record.address();
    state = record.state();
    cleanSession = record.cleanSession();
    durationSeconds = record.durationSeconds();
    sleepSeconds = record.sleepSeconds();
    silentNanos = record.silentNanos();
    will = record.will();
    topics = record.topics();
    subscriptions = record.subscriptions();
    exchanges = record.exchanges();
    completed = record.completed();
    outstanding = record.outstanding();
    waiting = record.waiting();
    received = record.received();
    lastMsgId = record.lastMsgId();
    lastPacketIdentifier = record.lastPacketIdentifier();
    leavingWill = record.leavingWill();
  }

  /** Of a client that is connected from the loopback address and has done nothing yet. */
  public static TestSessionRecord bare(String clientId) {
    return of(
        new SessionRecord(
            clientId,
            new ClientAddress(
                0, new InetSocketAddress(InetAddress.getLoopbackAddress(), 2_000), null),
            State.ACTIVE,
            true,
            60,
            0,
            0,
            null,
            TopicTable.Snapshot.EMPTY,
            List.of(),
            List.of(),
            List.of(),
            null,
            List.of(),
            Set.of(),
            0,
            0,
            null));
  }

  /** As that one. */
  public static TestSessionRecord of(SessionRecord record) {
    return new TestSessionRecord(record);
  }

  public TestSessionRecord withAddress(ClientAddress changed) {
    address = changed;
    return this;
  }

  public TestSessionRecord withState(State changed) {
    state = changed;
    return this;
  }

  public TestSessionRecord withCleanSession(boolean changed) {
    cleanSession = changed;
    return this;
  }

  public TestSessionRecord withSleepSeconds(int changed) {
    sleepSeconds = changed;
    return this;
  }

  public TestSessionRecord withSilentNanos(long changed) {
    silentNanos = changed;
    return this;
  }

  public TestSessionRecord withWill(@Nullable Will changed) {
    will = changed;
    return this;
  }

  public TestSessionRecord withTopics(TopicTable.Snapshot changed) {
    topics = changed;
    return this;
  }

  public TestSessionRecord withSubscriptions(List<SessionRecord.Subscription> changed) {
    subscriptions = changed;
    return this;
  }

  public TestSessionRecord withExchanges(List<SessionRecord.Exchange> changed) {
    exchanges = changed;
    return this;
  }

  public TestSessionRecord withCompleted(List<Integer> changed) {
    completed = changed;
    return this;
  }

  public TestSessionRecord withOutstanding(SessionRecord.@Nullable Outstanding changed) {
    outstanding = changed;
    return this;
  }

  public TestSessionRecord withWaiting(List<SessionRecord.Message> changed) {
    waiting = changed;
    return this;
  }

  public TestSessionRecord withReceived(Set<Integer> changed) {
    received = changed;
    return this;
  }

  public TestSessionRecord withLastMsgId(int changed) {
    lastMsgId = changed;
    return this;
  }

  public TestSessionRecord withLastPacketIdentifier(int changed) {
    lastPacketIdentifier = changed;
    return this;
  }

  public TestSessionRecord withLeavingWill(@Nullable Will changed) {
    leavingWill = changed;
    return this;
  }

  public SessionRecord build() {
    return new SessionRecord(
        clientId,
        address,
        state,
        cleanSession,
        durationSeconds,
        sleepSeconds,
        silentNanos,
        will,
        topics,
        subscriptions,
        exchanges,
        completed,
        outstanding,
        waiting,
        received,
        lastMsgId,
        lastPacketIdentifier,
        leavingWill);
  }
}
