package io.gaol.engine;

import io.gaol.jail.JailParameter;
import io.gaol.jail.JailSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** An operating system that jails can be made on, to those who want one. */
public interface Platform {
  /** What it is called: {@code freebsd} or {@code linux}. */
  String name();

  /** Where tasks and their files are, unless the operator says otherwise. */
  Path defaultStateDirectory();

  /** Whether jails can be made here. Looks closely, so it takes a moment. */
  Readiness examine() throws InterruptedException;

  /** What changes with anything that {@link #examine} looks at. Quick. */
  String signature();

  /** Jails whose files are below a state directory, which need not be there yet. */
  Jails jails(Path stateDirectory);

  /** Whether what a jail runs is there when it is planned. */
  enum Contents {
    /** It is: a program that is not found is a problem. */
    THERE,
    /** It may come until the jail is made: it is fetched, or made by another task. */
    TO_COME
  }

  /** The jails of a state directory. */
  interface Jails {
    /** What the engine works on. */
    Host host();

    /**
     * The parameters of jails that this host's kernel has and the catalogue has not. Looks at the
     * host, so it is asked only when a name is not known; empty if there are none, or the host
     * cannot be looked at.
     */
    default List<JailParameter> otherParameters() {
      return List.of();
    }

    /**
     * Plans a jail. Looks at the host, and changes nothing.
     *
     * @param toBeMade a directory that the task's files are in, such as its allocation's: it need
     *     not be there yet
     * @throws PlanRefusedException if this host cannot do it, with every reason
     * @throws IOException if the host cannot be looked at
     */
    Plan plan(JailSpec spec, TaskContext context, Path toBeMade, Contents contents)
        throws PlanRefusedException, IOException;
  }
}
