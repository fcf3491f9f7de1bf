package mqttsn.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MetricsTest {
  @Test
  void tellsTheBasicsOfTheProcess() {
    PrometheusRegistry registry = new PrometheusRegistry();
    JvmMetrics.register(registry);

    Response response = MetricsResource.scrape(registry);

    assertThat(response.contentType()).startsWith("text/plain; version=0.0.4");
    assertThat(new String(response.body(), StandardCharsets.UTF_8))
        .contains(
            "# TYPE jvm_memory_used_bytes gauge\n",
            "jvm_memory_used_bytes{area=\"heap\"} ",
            "jvm_memory_max_bytes ",
            "jvm_threads_current ",
            "jvm_gc_collections_total{gc=",
            "jvm_gc_collection_seconds_total{gc=",
            "jvm_runtime_info{",
            "process_start_time_seconds ",
            "process_cpu_seconds_total ",
            "process_open_fds ",
            "mqttsn_log_dropped_lines_total 0.0\n");
  }
}
