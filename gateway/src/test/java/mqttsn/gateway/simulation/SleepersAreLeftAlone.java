package mqttsn.gateway.simulation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mqttsn.codec.Connect;
import mqttsn.codec.Disconnect;
import mqttsn.codec.Legible;
import mqttsn.codec.PingReq;
import mqttsn.codec.PingResp;
import mqttsn.codec.PubRec;
import mqttsn.codec.PubRel;
import mqttsn.codec.ToClient;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.SessionView;
import mqttsn.gateway.session.State;
import org.jspecify.annotations.Nullable;

/**
 * From the answer to DISCONNECT with a duration, or from PINGRESP, until its next PINGREQ with
 * ClientId or CONNECT, a sleeper gets nothing but answers (§6.14).
 */
final class SleepersAreLeftAlone implements Invariant {

  private final Set<String> sleepers = new HashSet<>();
  private final Set<String> awake = new HashSet<>();
  private @Nullable ModelClient asking;
  private @Nullable Legible asked;

  @Override
  public void received(ModelClient client, Legible message) {
    asking = client;
    asked = message;
    String clientId = client.clientId();
    if (message instanceof Connect) {
      sleepers.remove(clientId);
      awake.remove(clientId);
    } else if (message instanceof PingReq pingReq
        && !pingReq.clientId().isEmpty()
        && sleepers.remove(clientId)) {
      awake.add(clientId);
    }
  }

  @Override
  public void sent(ModelClient client, ToClient message) {
    String clientId = client.clientId();
    boolean isAnswer = client == asking;
    if (sleepers.contains(clientId)) {
      boolean isInitiative =
          switch (message.type()) {
            case REGISTER, PUBLISH, PINGREQ -> true;
            case PUBREL -> !(isAnswer && asked instanceof PubRec);
            case DISCONNECT, PINGRESP -> !isAnswer;
            default -> false;
          };
      if (isInitiative) {
        throw new Violation(clientId + " sleeps, and gets " + message);
      }
    }
    if (message instanceof PingResp && awake.remove(clientId)) {
      sleepers.add(clientId);
    } else if (message instanceof Disconnect && isAnswer && asked instanceof Disconnect request) {
      awake.remove(clientId);
      if (request.durationSeconds() > 0) {
        sleepers.add(clientId);
      } else {
        sleepers.remove(clientId);
      }
    } else if (message instanceof Disconnect) {
      sleepers.remove(clientId);
      awake.remove(clientId);
    } else if (message instanceof PubRel) {
      return;
    }
  }

  /** A sleep that was not written down is forgotten, which costs the client a DISCONNECT. */
  @Override
  public void restarted(World world) {
    Set<String> known = new HashSet<>();
    for (SessionView view : world.core().views(world.timeline().now())) {
      if (view.state() == State.ASLEEP) {
        known.add(view.clientId());
      }
    }
    sleepers.retainAll(known);
  }

  @Override
  public void acted(List<Action> actions) {
    asking = null;
    asked = null;
  }
}
