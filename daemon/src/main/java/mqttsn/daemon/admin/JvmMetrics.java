package mqttsn.daemon.admin;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.DoubleSupplier;
import mqttsn.daemon.log.Log;

/**
 * The basics of the process and its virtual machine, under the names that Prometheus dashboards
 * know. A value that this machine cannot tell is left out.
 */
public final class JvmMetrics {
  private JvmMetrics() {}

  public static void register(PrometheusRegistry registry) {
    memory(registry);
    collectors(registry);
    process(registry);
    gauge(
        registry,
        "jvm_threads_current",
        "Live threads.",
        () -> ManagementFactory.getThreadMXBean().getThreadCount());
    Info.builder()
        .name("jvm_runtime")
        .help("The virtual machine.")
        .labelNames("version", "vendor")
        .register(registry)
        .setLabelValues(Runtime.version().toString(), System.getProperty("java.vendor", ""));
    CounterWithCallback.builder()
        .name("mqttsn_log_dropped_lines_total")
        .help("Log lines given up because standard error was too slow.")
        .callback(value -> value.call((double) Log.droppedLines()))
        .register(registry);
  }

  private static void memory(PrometheusRegistry registry) {
    GaugeWithCallback.builder()
        .name("jvm_memory_used_bytes")
        .help("Used memory.")
        .labelNames("area")
        .callback(
            value -> {
              value.call((double) heap().getUsed(), "heap");
              value.call((double) nonHeap().getUsed(), "nonheap");
            })
        .register(registry);
    GaugeWithCallback.builder()
        .name("jvm_memory_committed_bytes")
        .help("Memory taken from the system.")
        .labelNames("area")
        .callback(
            value -> {
              value.call((double) heap().getCommitted(), "heap");
              value.call((double) nonHeap().getCommitted(), "nonheap");
            })
        .register(registry);
    gauge(registry, "jvm_memory_max_bytes", "The largest heap.", () -> heap().getMax());
  }

  private static MemoryUsage heap() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
  }

  private static MemoryUsage nonHeap() {
    return ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
  }

  private static void collectors(PrometheusRegistry registry) {
    List<GarbageCollectorMXBean> beans = ManagementFactory.getGarbageCollectorMXBeans();
    CounterWithCallback.builder()
        .name("jvm_gc_collections_total")
        .help("Garbage collections.")
        .labelNames("gc")
        .callback(
            value ->
                beans.forEach(gc -> value.call((double) gc.getCollectionCount(), gc.getName())))
        .register(registry);
    CounterWithCallback.builder()
        .name("jvm_gc_collection_seconds_total")
        .help("Time spent in garbage collections.")
        .labelNames("gc")
        .callback(
            value -> beans.forEach(gc -> value.call(gc.getCollectionTime() / 1e3, gc.getName())))
        .register(registry);
  }

  private static void process(PrometheusRegistry registry) {
    double startSeconds = ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3;
    gauge(
        registry, "process_start_time_seconds", "When it started, Unix time.", () -> startSeconds);
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    if (system instanceof com.sun.management.UnixOperatingSystemMXBean unix) {
      CounterWithCallback.builder()
          .name("process_cpu_seconds_total")
          .help("CPU time, user and system.")
          .callback(value -> value.call(unix.getProcessCpuTime() / 1e9))
          .register(registry);
      gauge(registry, "process_open_fds", "Open files.", unix::getOpenFileDescriptorCount);
      gauge(registry, "process_max_fds", "Most open files.", unix::getMaxFileDescriptorCount);
    }
    Path status = Path.of("/proc/self/status");
    if (Files.isReadable(status)) {
      GaugeWithCallback.builder()
          .name("process_resident_memory_bytes")
          .help("Resident memory.")
          .callback(value -> value.call(residentBytes(status)))
          .register(registry);
    }
  }

  private static double residentBytes(Path status) {
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) * 1_024)
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  private static void gauge(
      PrometheusRegistry registry, String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(gauge -> gauge.call(value.getAsDouble()))
        .register(registry);
  }
}
