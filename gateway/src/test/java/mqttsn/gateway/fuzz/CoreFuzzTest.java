package mqttsn.gateway.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import mqttsn.codec.Decoded;
import mqttsn.codec.Decoder;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLimits;
import mqttsn.gateway.session.BrokerLink;
import mqttsn.gateway.session.ClientAddress;
import mqttsn.gateway.session.Gateway;
import mqttsn.gateway.session.QueueEvent;
import mqttsn.gateway.session.QueueView;
import mqttsn.gateway.session.Settings;
import mqttsn.gateway.session.SubscriptionIdentifiers;

/**
 * Any sequence of datagrams, events of broker and disk, and waits leaves the core whole: no
 * exception, no timer that spins, no limit passed. The first octet of a script chooses the kind of
 * gateway.
 */
class CoreFuzzTest {

  private static final int CLIENTS = 4;
  private static final int MAX_STEPS = 2_000;

  @FuzzTest(maxDuration = "1m")
  void survivesAnySequence(byte[] script) {
    if (script.length > 0) {
      Settings settings = FuzzedSettings.of(script[0] & 0xFF);
      new Run(settings, ByteBuffer.wrap(script, 1, script.length - 1)).run();
    }
  }

  private static final class Run {
    private final Settings settings;
    private final Gateway gateway;
    private final ByteBuffer script;
    private final Set<BrokerLink> opening = new HashSet<>();
    private final Set<BrokerLink> open = new HashSet<>();
    private final Queue<Answer> answers = new ArrayDeque<>();
    private final FuzzedDisk disk = new FuzzedDisk();
    private long now;

    private record Answer(BrokerLink link, BrokerEvent event) {}

    Run(Settings settings, ByteBuffer script) {
      this.settings = settings;
      this.script = script;
      gateway = new Gateway(settings, 0);
    }

    void run() {
      perform(gateway.start(now));
      for (int step = 0; step < MAX_STEPS && script.hasRemaining(); step++) {
        step(next());
        check();
      }
    }

    private void step(int choice) {
      switch (choice % 8) {
        case 0, 1, 2, 3 -> datagram(choice % 8 % CLIENTS);
        case 4 -> {
          disk(choice / 8 % 4 != 0);
          pass(TimeUnit.MILLISECONDS.toNanos(100L * next() * next()));
        }
        case 5 -> connected(next());
        case 6 -> {
          Answer answer = answers.poll();
          if (answer != null && open.contains(answer.link)) {
            perform(gateway.fromBroker(answer.link, answer.event, now));
          }
        }
        default -> anyEvent();
      }
    }

    private void datagram(int client) {
      int length = next() % 64;
      byte[] octets = new byte[Math.min(script.remaining(), length)];
      script.get(octets);
      Decoded decoded = Decoder.toGateway(Unpooled.wrappedBuffer(octets));
      ClientAddress from =
          new ClientAddress(
              0, new InetSocketAddress(InetAddress.getLoopbackAddress(), 2000 + client), null);
      perform(gateway.fromClient(from, decoded, now));
    }

    private void disk(boolean works) {
      List<QueueEvent> events = disk.answer(works);
      if (!events.isEmpty()) {
        perform(gateway.fromQueue(events, now));
      }
    }

    /** Time passes, with a timeout at each deadline. */
    private void pass(long nanos) {
      long until = now + nanos;
      for (int timeouts = 0; gateway.deadline() <= until; timeouts++) {
        assertThat(timeouts).as("timeouts in a row").isLessThan(10_000);
        now = Math.max(now, gateway.deadline());
        perform(gateway.timeout(now));
      }
      now = until;
    }

    private void connected(int choice) {
      for (BrokerLink link : List.copyOf(opening)) {
        if (choice % 4 == 3) {
          end(link, new BrokerEvent.Refused(ReturnCode.CONGESTION, "fuzzed"));
        } else {
          opening.remove(link);
          open.add(link);
          BrokerLimits limits = new BrokerLimits(5, 4, Qos.TWO, true, 10_000);
          perform(
              gateway.fromBroker(link, new BrokerEvent.Connected(choice % 2 == 0, limits), now));
        }
      }
    }

    private void anyEvent() {
      int choice = next();
      int identifier = next() % 6;
      for (BrokerLink link : List.copyOf(open)) {
        if (link.number() % CLIENTS == choice / 8 % CLIENTS) {
          if (choice % 8 == 0) {
            end(link, new BrokerEvent.Lost("fuzzed"));
          } else {
            perform(gateway.fromBroker(link, event(choice % 8, identifier), now));
          }
        }
      }
    }

    private BrokerEvent event(int choice, int identifier) {
      ReturnCode returnCode = List.of(ReturnCode.values()).get(identifier % 4);
      return switch (choice) {
        case 1, 2, 3 -> publish(Qos.ofLevel(choice - 1), identifier);
        case 4 -> new BrokerEvent.PubRel(identifier + 1);
        case 5 -> new BrokerEvent.PubAck(identifier + 1, returnCode);
        case 6 -> new BrokerEvent.PubRec(identifier + 1, returnCode);
        default -> new BrokerEvent.Congestion(identifier % 2 == 0);
      };
    }

    private BrokerEvent publish(Qos qos, int identifier) {
      String topicName = identifier % 3 == 0 ? "t1" : "a/" + identifier;
      return new BrokerEvent.Publish(
          qos == Qos.ZERO ? 0 : identifier + 1,
          topicName,
          Octets.utf8("fuzzed"),
          qos,
          false,
          identifier % 2 == 0,
          SubscriptionIdentifiers.NONE);
    }

    private void end(BrokerLink link, BrokerEvent event) {
      opening.remove(link);
      open.remove(link);
      perform(gateway.fromBroker(link, event, now));
    }

    private void perform(List<Action> actions) {
      for (Action action : actions) {
        if (action instanceof Action.OpenLink opened) {
          assertThat(open).doesNotContain(opened.link());
          opening.add(opened.link());
        } else if (action instanceof Action.CloseLink closed) {
          opening.remove(closed.link());
          open.remove(closed.link());
        } else if (action instanceof Action.Command command) {
          answer(command.link(), command.command());
        } else {
          disk.take(action);
        }
      }
    }

    private void answer(BrokerLink link, BrokerCommand command) {
      BrokerEvent event = null;
      if (command instanceof BrokerCommand.Publish p && p.qos() == Qos.ONE) {
        event = new BrokerEvent.PubAck(p.packetIdentifier(), ReturnCode.ACCEPTED);
      } else if (command instanceof BrokerCommand.Publish p && p.qos() == Qos.TWO) {
        event = new BrokerEvent.PubRec(p.packetIdentifier(), ReturnCode.ACCEPTED);
      } else if (command instanceof BrokerCommand.PubRel p) {
        event = new BrokerEvent.PubComp(p.packetIdentifier());
      } else if (command instanceof BrokerCommand.Subscribe s) {
        event = new BrokerEvent.SubAck(s.packetIdentifier(), ReturnCode.ACCEPTED, s.qos());
      } else if (command instanceof BrokerCommand.Unsubscribe u) {
        event = new BrokerEvent.UnsubAck(u.packetIdentifier());
      } else if (command instanceof BrokerCommand.PingReq) {
        event = new BrokerEvent.PingResp();
      }
      if (event != null) {
        answers.add(new Answer(link, event));
      }
    }

    private void check() {
      assertThat(gateway.sessions()).isLessThanOrEqualTo(settings.sessions().max());
      assertThat(gateway.waitingBytes()).isBetween(0L, settings.sessions().buffersTotalBytes());
      assertThat(gateway.views(now)).hasSize(gateway.sessions());
      QueueView queue = gateway.queue(now);
      assertThat(queue.messages()).isBetween(0L, (long) settings.queue().messages());
      assertThat(queue.bytes()).isBetween(0L, settings.queue().bytes());
    }

    private int next() {
      return script.hasRemaining() ? script.get() & 0xFF : 0;
    }
  }
}
