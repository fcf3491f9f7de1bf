package mqttsn.daemon.process;

import java.lang.reflect.Proxy;

/**
 * Signals of the operating system, through the JDK's {@code sun.misc.Signal}: supported for lack of
 * another way, but the compiler warns of its name, so it is called by reflection.
 */
final class Signals {
  private Signals() {}

  /**
   * Runs {@code action} on a thread of the JDK whenever the signal {@code name} arrives.
   *
   * @return false if it never arrives: whoever started the process had it ignored, as nohup does
   */
  static boolean handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object running =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                if (method.getDeclaringClass() != handler) {
                  return method.invoke(action, arguments);
                }
                action.run();
                return null;
              });
      Object before =
          signal
              .getMethod("handle", signal, handler)
              .invoke(null, signal.getConstructor(String.class).newInstance(name), running);
      // Java leaves a signal of its shutdown alone that was ignored when it started.
      return before != handler.getField("SIG_IGN").get(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("This Java has no signal handling", e);
    }
  }
}
