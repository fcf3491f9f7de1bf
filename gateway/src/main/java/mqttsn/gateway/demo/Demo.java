package mqttsn.gateway.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mqttsn.codec.Named;
import mqttsn.codec.NormalId;
import mqttsn.codec.Octets;
import mqttsn.codec.PredefinedId;
import mqttsn.codec.Qos;
import mqttsn.gateway.application.Arrived;
import mqttsn.gateway.application.MqttApplication;
import mqttsn.gateway.client.ClientSettings;
import mqttsn.gateway.client.MqttSnClient;
import mqttsn.gateway.client.Received;

/** The play: three sensors and an application, who exchange messages through the gateway. */
final class Demo implements AutoCloseable {

  static final String BUTTON_TOPIC = "demo/button";
  static final PredefinedId BUTTON_ID = new PredefinedId(10);

  private static final String THERMOMETER_TOPIC = "demo/temperature";
  private static final String LAMP_TOPIC = "demo/lamp";

  private static final List<String> TEMPERATURES = List.of("21.4", "21.6", "21.9");

  /** How long a message may take before it counts as lost. */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  /** QoS -1 may be lost anywhere, so the button is pressed again when nothing arrives. */
  private static final int MAX_PRESSES = 3;

  private static final Duration ROUND_PAUSE = Duration.ofMillis(300);

  private final Narrator narrator;
  private final Expected expected = new Expected();
  private final MqttApplication application;
  private final MqttSnClient thermometer;
  private final MqttSnClient button;
  private final MqttSnClient lamp;

  private final Tally thermometerTally = new Tally("thermometer", "QoS 1, registered topic");
  private final Tally buttonTally = new Tally("button", "QoS -1, predefined topic, no connection");
  private final Tally lampTally = new Tally("lamp", "QoS 1, subscribed");

  Demo(Narrator narrator, MqttApplication application, InetSocketAddress gateway)
      throws IOException {
    this.narrator = narrator;
    this.application = application;
    this.thermometer = sensor("thermometer", gateway);
    this.button = sensor("button", gateway);
    this.lamp = sensor("lamp", gateway);
  }

  /** Returns whether every message arrived. */
  boolean play() throws IOException {
    introduce();
    narrator.line("");
    for (int round = 1; round <= TEMPERATURES.size(); round++) {
      measure(TEMPERATURES.get(round - 1));
      press("pressed " + round);
      light(round % 2 == 1 ? "on" : "off");
      pause();
    }
    thermometer.disconnect();
    lamp.disconnect();
    return summary();
  }

  private void introduce() throws IOException {
    application.subscribe("demo/#", Qos.ONE, this::arrived);
    narrator.event("application", "subscribed to demo/# at the broker");
    thermometer.connect();
    NormalId topic = thermometer.register(THERMOMETER_TOPIC);
    narrator.event(
        "thermometer",
        "connected, registered %s as topic id %d",
        THERMOMETER_TOPIC,
        topic.topicId());
    lamp.connect();
    lamp.subscribe(new Named(LAMP_TOPIC), Qos.ONE);
    narrator.event("lamp", "connected, subscribed to %s", LAMP_TOPIC);
    narrator.event(
        "button",
        "never connects; predefined topic id %d is %s",
        BUTTON_ID.topicId(),
        BUTTON_TOPIC);
  }

  private void measure(String temperature) {
    narrator.event("thermometer", "-> %s", temperature);
    expected.departs(THERMOMETER_TOPIC, temperature);
    thermometer.publish(THERMOMETER_TOPIC, Qos.ONE, false, Octets.utf8(temperature));
    thermometerTally.count(expected.await(THERMOMETER_TOPIC, temperature, PATIENCE.toNanos()));
  }

  private void press(String text) {
    boolean arrived = false;
    for (int press = 1; press <= MAX_PRESSES && !arrived; press++) {
      narrator.event("button", "-> %s%s", text, press == 1 ? "" : " (once more)");
      expected.departs(BUTTON_TOPIC, text);
      button.publish(BUTTON_ID, Qos.MINUS_ONE, false, Octets.utf8(text));
      arrived = expected.await(BUTTON_TOPIC, text, PATIENCE.toNanos() / MAX_PRESSES);
    }
    buttonTally.count(arrived);
  }

  private void light(String text) throws IOException {
    narrator.event("application", "-> %s: %s", LAMP_TOPIC, text);
    long start = System.nanoTime();
    application.publish(LAMP_TOPIC, Qos.ONE, false, Octets.utf8(text));
    Received received = lamp.receive(PATIENCE);
    boolean arrived = received != null && received.data().toUtf8String().equals(text);
    if (arrived) {
      narrator.event("lamp", "<- %s, %s later", text, Narrator.millis(System.nanoTime() - start));
    }
    lampTally.count(arrived);
  }

  /** What the application sees; the lamp's own messages are no news to it. */
  private void arrived(Arrived message) {
    String text = message.data().toUtf8String();
    long nanos = expected.travelNanos(message.topicName(), text);
    if (nanos >= 0) {
      narrator.event(
          "application", "<- %s: %s, %s later", message.topicName(), text, Narrator.millis(nanos));
    } else if (!message.topicName().equals(LAMP_TOPIC)) {
      narrator.event("application", "<- %s: %s", message.topicName(), text);
    }
    expected.arrived(message.topicName(), text);
  }

  private boolean summary() {
    List<Tally> tallies = List.of(thermometerTally, buttonTally, lampTally);
    boolean complete = tallies.stream().allMatch(Tally::isComplete);
    narrator.line("");
    tallies.forEach(tally -> narrator.line("  %s", tally));
    narrator.line("");
    narrator.line(complete ? "Every message arrived." : "NOT every message arrived.");
    return complete;
  }

  private static MqttSnClient sensor(String clientId, InetSocketAddress gateway)
      throws IOException {
    return MqttSnClient.open(new ClientSettings(clientId, Duration.ofSeconds(1), 3), gateway);
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(ROUND_PAUSE.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    thermometer.close();
    button.close();
    lamp.close();
  }
}
