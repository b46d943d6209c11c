package io.gaol.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;

/**
 * Signals of the operating system. The JDK's only way to them is {@code sun.misc.Signal}, in the
 * module {@code jdk.unsupported}; javac warns of every direct use of it, so it is called by name.
 */
final class Signals {
  private static final String SIGNAL = "sun.misc.Signal";
  private static final String HANDLER = "sun.misc.SignalHandler";

  private Signals() {}

  /** Gives a signal back to whoever handled it before. */
  @FunctionalInterface
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Handles a signal, unless this program was started with it ignored, as by nohup(1).
   *
   * @param name without SIG
   * @param action gets the signal's number, on a thread of its own
   */
  static Registration handle(String name, IntConsumer action) {
    try {
      Class<?> signalType = Class.forName(SIGNAL);
      Class<?> handlerType = Class.forName(HANDLER);
      Method handle = signalType.getMethod("handle", signalType, handlerType);
      Method number = signalType.getMethod("getNumber");
      Object signal = signalType.getConstructor(String.class).newInstance(name);
      InvocationHandler invocation =
          (proxy, method, arguments) ->
              switch (method.getName()) {
                case "handle" -> {
                  action.accept((Integer) number.invoke(arguments[0]));
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
      Object before = handle.invoke(null, signal, handler);
      if (before.equals(handlerType.getField("SIG_IGN").get(null))) {
        handle.invoke(null, signal, before);
        return () -> {};
      }
      return () -> restore(handle, signal, before);
    } catch (ReflectiveOperationException missing) {
      throw new IllegalStateException("this Java cannot handle signals", missing);
    }
  }

  private static void restore(Method handle, Object signal, Object before) {
    try {
      handle.invoke(null, signal, before);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
