package mqttsn.gateway.probe;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mqttsn.codec.Message;
import mqttsn.codec.Named;
import mqttsn.codec.Octets;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.gateway.application.MqttApplication;
import mqttsn.gateway.client.ClientException;
import mqttsn.gateway.client.ClientTrace;
import mqttsn.gateway.client.MqttSnClient;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages of QoS 1 from a sensor through the gateway and the broker to an application, and
 * back. Both ends are in this process, so one clock measures each way. Every leg that can be tried
 * is tried, also when another one fails.
 */
final class Probe {

  /** Opens and connects one end of the path. */
  interface Opening<T> {
    T open() throws IOException;
  }

  private interface Sending {
    void send(Octets data) throws IOException;
  }

  private record Arrival(Octets data, long atNanos) {}

  private final Leg ping = new Leg("sensor <-> gateway");
  private final Leg upAck = new Leg("sensor <-> broker, acknowledged");
  private final Leg downAck = new Leg("application <-> broker, acknowledged");
  private final Leg up = new Leg("sensor -> gateway -> broker -> application");
  private final Leg down = new Leg("application -> broker -> gateway -> sensor");
  private final Leg roundTrip = new Leg("there and back");

  private final BlockingQueue<Arrival> atApplication = new LinkedBlockingQueue<>();
  private final BlockingQueue<Arrival> atSensor = new LinkedBlockingQueue<>();
  private final String upTopic;
  private final String downTopic;
  private final int rounds;
  private final Duration patience;

  /**
   * @param topicName below which nobody else publishes
   * @param patience for one message on one way
   */
  Probe(String topicName, int rounds, Duration patience) {
    this.upTopic = topicName + "/up";
    this.downTopic = topicName + "/down";
    this.rounds = rounds;
    this.patience = patience;
  }

  List<Leg> legs() {
    return List.of(ping, downAck, upAck, up, down, roundTrip);
  }

  boolean works() {
    return legs().stream().allMatch(Leg::works);
  }

  /** Tells when messages reach the sensor: the trace of its client. */
  ClientTrace arrivalsAtSensor() {
    return new ClientTrace() {
      @Override
      public void sent(Message message) {}

      @Override
      public void received(Message message) {
        if (message instanceof Publish publish) {
          atSensor.add(new Arrival(publish.data(), System.nanoTime()));
        }
      }
    };
  }

  /** Measures; what fails is told by the legs. */
  void run(Opening<MqttSnClient> sensors, Opening<MqttApplication> applications) {
    MqttSnClient sensor = open(ping, sensors);
    MqttApplication application = open(downAck, applications);
    try {
      if (sensor != null) {
        measure(ping, data -> sensor.ping());
      }
      if (application != null) {
        measure(downAck, data -> application.publish(downTopic, Qos.ONE, false, data));
      }
      if (sensor != null && application != null && subscribed(sensor, application)) {
        travel(sensor, application);
      }
    } finally {
      close(sensor, application);
    }
  }

  private static <T> @Nullable T open(Leg leg, Opening<T> end) {
    try {
      return end.open();
    } catch (IOException | ClientException e) {
      leg.failed(e);
      return null;
    }
  }

  /** What needs one end only. */
  private void measure(Leg leg, Sending exchange) {
    try {
      for (int round = 1; round <= rounds; round++) {
        long start = System.nanoTime();
        exchange.send(Octets.EMPTY);
        leg.took(System.nanoTime() - start);
      }
    } catch (IOException | ClientException e) {
      leg.failed(e);
    }
  }

  private boolean subscribed(MqttSnClient sensor, MqttApplication application) {
    try {
      application.subscribe(
          upTopic,
          Qos.ONE,
          message -> atApplication.add(new Arrival(message.data(), System.nanoTime())));
    } catch (IOException e) {
      up.failed(e);
      return false;
    }
    try {
      sensor.subscribe(new Named(downTopic), Qos.ONE);
      sensor.register(upTopic);
      return true;
    } catch (ClientException e) {
      down.failed(e);
      return false;
    }
  }

  private void travel(MqttSnClient sensor, MqttApplication application) {
    for (int round = 1; round <= rounds; round++) {
      Octets data = Octets.utf8("round " + round);
      long there =
          travel(
              upAck,
              up,
              atApplication,
              data,
              message -> sensor.publish(upTopic, Qos.ONE, false, message));
      long back =
          travel(
              downAck,
              down,
              atSensor,
              data,
              message -> application.publish(downTopic, Qos.ONE, false, message));
      if (there >= 0 && back >= 0) {
        roundTrip.took(there + back);
      }
    }
  }

  /** One message on one way; -1 if it fails, or if an earlier one did. */
  private long travel(
      Leg acknowledged, Leg way, BlockingQueue<Arrival> end, Octets data, Sending sending) {
    if (acknowledged.hasFailed() || way.hasFailed()) {
      return -1;
    }
    long start = System.nanoTime();
    try {
      sending.send(data);
    } catch (IOException | ClientException e) {
      acknowledged.failed(e);
      return -1;
    }
    acknowledged.took(System.nanoTime() - start);
    Arrival arrival = next(end, data);
    if (arrival == null) {
      way.failed(
          "acknowledged, but nothing arrived within "
              + patience.toSeconds()
              + " s; is this the broker of the gateway?");
      return -1;
    }
    way.took(arrival.atNanos() - start);
    return arrival.atNanos() - start;
  }

  private @Nullable Arrival next(BlockingQueue<Arrival> end, Octets data) {
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      while (true) {
        Arrival arrival = end.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (arrival == null || arrival.data().equals(data)) {
          return arrival;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private static void close(@Nullable MqttSnClient sensor, @Nullable MqttApplication application) {
    if (sensor != null) {
      try {
        sensor.disconnect();
      } catch (ClientException e) {
        // The measurement has said already what is wrong.
      }
      sensor.close();
    }
    if (application != null) {
      application.close();
    }
  }
}
