package mqttsn.gateway.broker;

import static mqttsn.gateway.broker.LinksOnLoop.publish;
import static mqttsn.gateway.broker.LinksOnLoop.subscribe;
import static mqttsn.gateway.broker.LinksOnLoop.transientSession;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.gateway.session.Action.Farewell;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerConnect.Attempts;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.Will;
import mqttsn.gateway.testing.MosquittoBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("machine")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MosquittoLinksIT extends BrokerLinksContract {

  private MosquittoBroker broker;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    broker = MosquittoBroker.start(directory);
  }

  @AfterAll
  void stop() {
    broker.close();
  }

  @Override
  String url() {
    return broker.url();
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "3.1.1"})
  void endsATransientSessionWithItsFarewell(String version) throws IOException {
    try (LinksOnLoop links = links(version, url())) {
      links.connect(LINK, transientSession("transient"));
      links.close(LINK, Farewell.END_SESSION);
      BrokerConnect again =
          new BrokerConnect("transient", false, false, 30, 100, null, 30, Attempts.ONE_ROUND);

      assertThat(links.connect(LINK, again).sessionPresent()).isFalse();
    }
  }

  // Moquette now and then overlooks a DISCONNECT right behind its CONNACK, so not with any broker.
  @ParameterizedTest
  @ValueSource(strings = {"5", "3.1.1"})
  void firesNoWillWhenALinkIsClosedAndOpenedAgainAtOnce(String version) throws IOException {
    Will will = new Will("wills/it", Octets.utf8("died"), Qos.ZERO, false);
    BrokerConnect withWill =
        new BrokerConnect("willing", true, false, 30, 100, will, 0, Attempts.ONE_ROUND);
    try (LinksOnLoop links = links(version, url())) {
      links.connect(OTHER, transientSession("watcher"));
      links.send(OTHER, subscribe(1, "wills/#", Qos.ZERO));
      links.next(OTHER, BrokerEvent.SubAck.class);
      for (int i = 0; i < 10; i++) {
        links.connect(LINK, withWill);
        links.close(LINK, Farewell.END_SESSION);
      }
      links.connect(LINK, withWill);
      links.send(LINK, publish(1, "wills/none", "alive", Qos.ONE));
      links.next(LINK, BrokerEvent.PubAck.class);

      assertThat(links.next(OTHER, BrokerEvent.Publish.class).payload().toUtf8String())
          .isEqualTo("alive");
    }
  }
}
