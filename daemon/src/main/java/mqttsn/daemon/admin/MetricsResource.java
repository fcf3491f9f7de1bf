package mqttsn.daemon.admin;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Everything of a registry in Prometheus' text format, for {@code /metrics}. */
public final class MetricsResource {
  private static final PrometheusTextFormatWriter WRITER = PrometheusTextFormatWriter.create();

  private MetricsResource() {}

  /** The answer of this moment; collectors are called on the calling thread. */
  public static Response scrape(PrometheusRegistry registry) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try {
      WRITER.write(body, registry.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Response(200, PrometheusTextFormatWriter.CONTENT_TYPE, body.toByteArray());
  }
}
