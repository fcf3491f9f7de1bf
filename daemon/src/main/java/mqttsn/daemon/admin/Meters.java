package mqttsn.daemon.admin;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import mqttsn.daemon.net.EnumCounts;

/**
 * Registers metrics whose names share a prefix, and whose values are read when they are asked for.
 */
public final class Meters {

  private final PrometheusRegistry registry;
  private final String prefix;

  /**
   * @param prefix what every name begins with, such as {@code mqttsn_}
   */
  public Meters(PrometheusRegistry registry, String prefix) {
    this.registry = registry;
    this.prefix = prefix;
  }

  /** Which version this is, as a metric of its own. */
  public void version(String name, String version) {
    Info.builder()
        .name(name)
        .help("The version that runs.")
        .labelNames("version")
        .register(registry)
        .setLabelValues(version);
  }

  public void counter(String name, String help, DoubleSupplier value) {
    CounterWithCallback.builder()
        .name(prefix + name)
        .help(help)
        .callback(counter -> counter.call(value.getAsDouble()))
        .register(registry);
  }

  public void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(prefix + name)
        .help(help)
        .callback(gauge -> gauge.call(value.getAsDouble()))
        .register(registry);
  }

  /** A counter for each constant of an enum. */
  public <E extends Enum<E>> void counters(
      String name,
      String help,
      String label,
      E[] constants,
      Function<E, String> labelValue,
      ToDoubleFunction<E> value) {
    CounterWithCallback.builder()
        .name(prefix + name)
        .help(help)
        .labelNames(label)
        .callback(
            counter -> {
              for (E constant : constants) {
                counter.call(value.applyAsDouble(constant), labelValue.apply(constant));
              }
            })
        .register(registry);
  }

  /** A counter for each constant of an enum that is counted. */
  public <E extends Enum<E>> void counters(
      String name,
      String help,
      String label,
      E[] constants,
      Function<E, String> labelValue,
      EnumCounts<E> counts) {
    counters(name, help, label, constants, labelValue, (E constant) -> counts.of(constant));
  }

  /** A gauge for each constant of an enum. */
  public <E extends Enum<E>> void gauges(
      String name,
      String help,
      String label,
      E[] constants,
      Function<E, String> labelValue,
      ToDoubleFunction<E> value) {
    GaugeWithCallback.builder()
        .name(prefix + name)
        .help(help)
        .labelNames(label)
        .callback(
            gauge -> {
              for (E constant : constants) {
                gauge.call(value.applyAsDouble(constant), labelValue.apply(constant));
              }
            })
        .register(registry);
  }
}
