package io.gaol.engine;

import io.gaol.jail.JailSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which program of a jail a task's {@code command} means. */
public final class JailProgram {
  /** Where a bare name is looked for unless the task has a PATH of its own. */
  public static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** As an exec.start command that installs a package. */
  private static final List<String> BRINGING =
      List.of("exec.prepare", "exec.prestart", "exec.created", "exec.start");

  /** What else is asked of a program that is there. */
  @FunctionalInterface
  public interface Check {
    /**
     * Whether it is what it seems to be.
     *
     * @param program in the jail
     */
    boolean holds(Path program) throws IOException;
  }

  private JailProgram() {}

  /**
   * Finds the main process's program as Nomad's exec driver does: an absolute path as it is;
   * anything else in /local, in /, in each volume; a bare name then on PATH.
   *
   * @param contents whether it must be there by now
   * @param problems gets why there is none
   * @return in the jail; empty if there is no command, or a problem
   */
  public static Optional<Path> find(
      JailSpec spec, RootView view, Platform.Contents contents, List<String> problems)
      throws IOException {
    return find(spec, view, program -> true, contents, problems);
  }

  /**
   * As {@link #find(JailSpec, RootView, Platform.Contents, List)}, where not all that is seen is
   * there.
   *
   * @param check of what is seen
   */
  public static Optional<Path> find(
      JailSpec spec, RootView view, Check check, Platform.Contents contents, List<String> problems)
      throws IOException {
    Optional<String> named = named(spec, problems);
    if (named.isEmpty()) {
      return Optional.empty();
    }
    String command = named.get();
    List<Path> candidates = candidates(spec, command);
    for (Path candidate : candidates) {
      if (view.isProgram(candidate) && check.holds(candidate)) {
        return Optional.of(candidate);
      }
    }
    if (contents == Platform.Contents.TO_COME || isBrought(spec, command)) {
      return Optional.of(candidates.getFirst());
    }
    problems.add(notFound(command, candidates, view));
    return Optional.empty();
  }

  /**
   * The main process's program where the jail's files cannot be looked at: that which {@link #find}
   * would take if only this one were there.
   *
   * @param directory in the jail, where a bare name is taken to be
   * @param contents whether it must be there by now
   * @param problems gets why there is none
   * @return in the jail; empty if there is no command, or a problem
   */
  public static Optional<Path> unseen(
      JailSpec spec, Path directory, Platform.Contents contents, List<String> problems) {
    return named(spec, problems)
        .map(
            command ->
                command.contains("/") || contents == Platform.Contents.TO_COME
                    ? candidates(spec, command).getFirst()
                    : directory.resolve(command));
  }

  /** Whether a command that runs before may bring what is named by its path. */
  private static boolean isBrought(JailSpec spec, String command) {
    return command.startsWith("/")
        && BRINGING.stream().anyMatch(hook -> !spec.parameters().values(hook).isEmpty());
  }

  private static Optional<String> named(JailSpec spec, List<String> problems) {
    Optional<String> command = spec.command().stream().findFirst();
    if (command.isPresent() && command.get().isEmpty()) {
      problems.add("command is empty: name a program");
      return Optional.empty();
    }
    return command;
  }

  private static List<Path> candidates(JailSpec spec, String command) {
    if (command.startsWith("/")) {
      return List.of(Path.of(command));
    }
    List<Path> candidates = new ArrayList<>();
    candidates.add(Path.of("/local").resolve(command));
    candidates.add(Path.of("/").resolve(command));
    spec.mounts().forEach(mount -> candidates.add(mount.target().resolve(command)));
    if (!command.contains("/")) {
      String path = spec.environment().variables().getOrDefault("PATH", PATH);
      for (String directory : path.split(":")) {
        if (directory.startsWith("/")) {
          candidates.add(Path.of(directory).resolve(command));
        }
      }
    }
    return candidates;
  }

  private static String notFound(String command, List<Path> candidates, RootView view)
      throws IOException {
    for (Path candidate : candidates) {
      Optional<Path> onHost = view.find(candidate);
      if (onHost.isPresent()) {
        return "command \""
            + command
            + "\": "
            + candidate
            + " of the jail ("
            + onHost.get()
            + ") "
            + (Files.isDirectory(onHost.get())
                ? "is a directory"
                : "is not executable: chmod +x it");
      }
    }
    return "command \""
        + command
        + "\" is not in the jail; looked for "
        + String.join(", ", candidates.stream().map(Path::toString).distinct().toList())
        + " below "
        + view.root();
  }
}
