package mqttsn.daemon.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/** What the declaration of a record component says about its value. */
final class Components {
  private Components() {}

  static boolean isNullable(RecordComponent component) {
    return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  /** Whether {@code type} is a section of the file, not a scalar that happens to be a record. */
  static boolean isSection(Class<?> type) {
    return type.isRecord() && Scalars.parseMethod(type) == null;
  }

  static Class<?> elementType(RecordComponent list) {
    if (list.getGenericType() instanceof ParameterizedType parameterized
        && parameterized.getActualTypeArguments()[0] instanceof Class<?> element) {
      return element;
    }
    throw new IllegalStateException(list + " is not a list of a plain type");
  }
}
