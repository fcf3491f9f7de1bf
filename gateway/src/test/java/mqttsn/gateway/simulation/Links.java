package mqttsn.gateway.simulation;

import java.util.HashMap;
import java.util.Map;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLink;
import org.jspecify.annotations.Nullable;

/**
 * The connections between gateway and broker: ordered and lossless while they last, as TCP is; they
 * take time to open, can stall and break.
 */
final class Links {

  /** Where events of links go. */
  interface Listener {
    void fromBroker(BrokerLink link, BrokerEvent event);
  }

  private static final long CONNECT_TIMEOUT_NANOS = 5 * Timeline.SECOND;

  private final Timeline timeline;
  private final Dice dice;
  private final ModelBroker broker;
  private final Listener gateway;
  private final Map<BrokerLink, Connection> open = new HashMap<>();

  /** The connections that still end, whose links must wait before they open again. */
  private final Map<BrokerLink, Connection> ending = new HashMap<>();

  Links(Timeline timeline, Dice dice, ModelBroker broker, Listener gateway) {
    this.timeline = timeline;
    this.dice = dice;
    this.broker = broker;
    this.gateway = gateway;
  }

  void open(BrokerLink link, BrokerConnect connect) {
    if (open.containsKey(link)) {
      throw new Violation("link " + link.number() + " is opened twice");
    }
    Connection connection = new Connection(link, connect);
    open.put(link, connection);
    Connection before = ending.get(link);
    if (before == null) {
      connection.attempt();
    } else {
      before.next = connection;
    }
  }

  void command(BrokerLink link, BrokerCommand command) {
    Connection connection = open.get(link);
    if (connection != null && connection.isUp) {
      connection.toBroker(() -> broker.take(connection, command));
    }
  }

  void close(BrokerLink link, Action.Farewell farewell) {
    Connection connection = open.remove(link);
    if (connection == null) {
      return;
    }
    connection.closedByGateway = true;
    if (connection.isConnecting || connection.brokenByBroker) {
      connection.over();
      return;
    }
    ending.put(link, connection);
    connection.toBroker(
        () -> {
          broker.disconnect(connection, farewell);
          connection.over();
        });
  }

  /**
   * The process is no more: its connections end without a word.
   *
   * @param arrives whether what it has sent still reaches the broker
   */
  void end(boolean arrives) {
    open.values().forEach(connection -> connection.end(arrives));
    ending.values().forEach(connection -> connection.end(arrives));
    open.clear();
  }

  /** Lets the connection of a random link stall for a while. */
  void stall(BrokerLink link, long nanos) {
    Connection connection = open.get(link);
    if (connection != null && connection.isUp) {
      connection.stall(nanos);
    }
  }

  /** One TCP connection, or the attempts to get one. */
  final class Connection {

    final BrokerLink link;
    private final BrokerConnect connect;
    private boolean isConnecting = true;
    private boolean isUp;
    private boolean closedByGateway;
    private boolean brokenByBroker;
    private boolean isCongested;
    private long stalledUntil;
    private long lastToBroker;
    private long lastToGateway;
    private int attempts;
    private @Nullable Connection next;

    /** Of the broker. */
    @Nullable BrokerSession session;

    private Connection(BrokerLink link, BrokerConnect connect) {
      this.link = link;
      this.connect = connect;
    }

    /** An event for the gateway, behind all earlier ones. */
    void toGateway(BrokerEvent event) {
      lastToGateway = Math.max(lastToGateway, Math.max(timeline.now(), stalledUntil) + latency());
      timeline.at(
          lastToGateway,
          () -> {
            if (closedByGateway) {
              return;
            }
            if (event instanceof BrokerEvent.Connected) {
              isUp = true;
            } else if (event instanceof BrokerEvent.Lost) {
              isUp = false;
              open.remove(link, this);
            }
            gateway.fromBroker(link, event);
          });
    }

    /** The broker closes the connection. */
    void closeByBroker() {
      brokenByBroker = true;
      stalledUntil = 0;
      toGateway(new BrokerEvent.Lost("closed by broker"));
      timeline.at(lastToGateway, this::over);
    }

    private void end(boolean arrives) {
      closedByGateway = true;
      long at = arrives ? Math.max(lastToBroker, timeline.now()) : timeline.now();
      timeline.at(
          at,
          () -> {
            brokenByBroker = true;
            broker.gone(this);
          });
      brokenByBroker = !arrives;
    }

    private void toBroker(Runnable delivery) {
      lastToBroker = Math.max(lastToBroker, Math.max(timeline.now(), stalledUntil) + latency());
      timeline.at(
          lastToBroker,
          () -> {
            if (!brokenByBroker) {
              delivery.run();
            }
          });
      if (stalledUntil > timeline.now() && !isCongested && dice.chance(0.3)) {
        isCongested = true;
        congestion(true);
        timeline.at(
            stalledUntil,
            () -> {
              isCongested = false;
              congestion(false);
            });
      }
    }

    /** Congestion is seen at the gateway's end, and so does not travel. */
    private void congestion(boolean congested) {
      timeline.after(
          0,
          () -> {
            if (isUp && !closedByGateway) {
              gateway.fromBroker(link, new BrokerEvent.Congestion(congested));
            }
          });
    }

    private void stall(long nanos) {
      stalledUntil = Math.max(stalledUntil, timeline.now() + nanos);
    }

    private void attempt() {
      timeline.after(
          dice.nanos(Timeline.MILLISECOND, 300 * Timeline.MILLISECOND), this::attemptEnds);
    }

    private void attemptEnds() {
      if (closedByGateway) {
        return;
      }
      if (broker.isUp()) {
        isConnecting = false;
        broker.connect(this, connect);
      } else if (connect.attempts() == BrokerConnect.Attempts.ONE_ROUND) {
        long left = dice.nanos(0, CONNECT_TIMEOUT_NANOS);
        timeline.after(
            left,
            () -> {
              if (!closedByGateway) {
                open.remove(link, this);
                gateway.fromBroker(
                    link, new BrokerEvent.Refused(ReturnCode.CONGESTION, "unreachable"));
              }
            });
      } else {
        attempts++;
        timeline.after(
            Math.min(8, 1L << Math.min(3, attempts)) * Timeline.SECOND, this::attemptEnds);
      }
    }

    /** The broker has seen the end of this connection: the link may have another one. */
    private void over() {
      ending.remove(link, this);
      Connection waiting = next;
      next = null;
      if (waiting != null && !waiting.closedByGateway) {
        waiting.attempt();
      }
    }

    private long latency() {
      return dice.nanos(Timeline.MILLISECOND / 5, 5 * Timeline.MILLISECOND);
    }
  }
}
