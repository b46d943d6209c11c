package io.gaol.goplugin;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Signals of the operating system. The JDK's only way to them is {@code sun.misc.Signal}, in the
 * module {@code jdk.unsupported}; javac warns of every direct use of it, so it is called by name.
 */
final class Signals {
  private static final String SIGNAL = "sun.misc.Signal";
  private static final String HANDLER = "sun.misc.SignalHandler";

  private Signals() {}

  /**
   * Handles a signal from now on, even if this program was started with it ignored. It is never set
   * to be ignored: what this program starts would inherit that.
   *
   * @param name without SIG
   * @param action runs in a thread of its own
   */
  static void handle(String name, Runnable action) {
    try {
      Class<?> signalType = Class.forName(SIGNAL);
      Class<?> handlerType = Class.forName(HANDLER);
      Method handle = signalType.getMethod("handle", signalType, handlerType);
      InvocationHandler invocation =
          (proxy, method, arguments) ->
              switch (method.getName()) {
                case "handle" -> {
                  action.run();
                  yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" ->
                    System.identityHashCode(proxy) == System.identityHashCode(arguments[0]);
                default -> "handler of " + name;
              };
      Object handler =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(), new Class<?>[] {handlerType}, invocation);
      handle.invoke(null, signalType.getConstructor(String.class).newInstance(name), handler);
    } catch (ReflectiveOperationException missing) {
      throw new IllegalStateException("this Java cannot handle signals", missing);
    }
  }
}
