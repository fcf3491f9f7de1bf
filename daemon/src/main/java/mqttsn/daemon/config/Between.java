package mqttsn.daemon.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Bounds of a {@link java.time.Duration} or a {@link ByteSize}, both inclusive and written as in
 * the file, such as {@code @Between(min = "1s", max = "18h")}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Between {
  String min();

  String max();
}
