package mqttsn.daemon.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The value of a key that is left out, written as in the file: one text for a scalar, any number
 * for a list. A list, a nested record and a nullable component need no default: they are empty, all
 * defaults, and null.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
  String[] value();
}
