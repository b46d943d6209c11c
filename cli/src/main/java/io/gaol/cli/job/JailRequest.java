package io.gaol.cli.job;

import io.gaol.jail.Assignment;
import io.gaol.jail.AssignmentReader;
import io.gaol.jail.AssignmentReading;
import io.gaol.jail.CapabilityChanges;
import io.gaol.jail.Environment;
import io.gaol.jail.JailName;
import io.gaol.jail.JailParameter;
import io.gaol.jail.JailParameters;
import io.gaol.jail.JailSpec;
import io.gaol.jail.ParameterProblem;
import io.gaol.jail.Resources;
import io.gaol.jail.RunDefaults;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What {@code gaol run} is asked for.
 *
 * @param name of the jail; empty is its id
 * @param root a directory, or {@link #HOST}
 * @param command the argument vector; may be empty where {@code exec.start} says what runs
 * @param parameters as the flags {@code -J} have them
 * @param user of the flag {@code -u}
 * @param environment of the flags {@code -e}
 * @param ambient the environment of gaol itself, which the command sees where exec.clean is off
 */
public record JailRequest(
    Optional<String> name,
    String root,
    List<String> command,
    List<String> parameters,
    Optional<String> user,
    Map<String, String> environment,
    Map<String, String> ambient) {
  /** The root that is the host's own system, read-only, over a private writable part. */
  public static final String HOST = "host";

  private static final String FLAG = "-J";
  private static final Path SHUTDOWN = Path.of("/etc/rc.shutdown");

  /** Copies. */
  public JailRequest {
    command = List.copyOf(command);
    parameters = List.copyOf(parameters);
    environment = Map.copyOf(environment);
    ambient = Map.copyOf(ambient);
  }

  /**
   * The jail that is asked for.
   *
   * @param id tells it from all others
   * @param writable the directory that is the root of one with the host's system
   * @param systemDirectories of the host, for such a one
   * @param others asked for the parameters that the host's kernel has besides the catalogue
   * @throws JobException with all that is wrong
   */
  JailSpec spec(
      JailName id,
      Path writable,
      List<Path> systemDirectories,
      Supplier<List<JailParameter>> others)
      throws JobException {
    List<String> problems = new ArrayList<>();
    JailSpec.Root from = root(writable, systemDirectories, problems);
    JailParameters read = parameters(id, others, problems);
    if (read.value("path").isPresent()) {
      problems.add(FLAG + " path: the root is the first word after the flags");
    }
    if (read.value("name").isPresent()) {
      problems.add(FLAG + " name: the jail's name is the flag -n");
    }
    boolean clean = read.flag("exec.clean").orElse(false);
    Environment all = environment(clean, problems);
    if (!problems.isEmpty()) {
      throw new JobException(problems);
    }
    return new JailSpec(
        jailName(id),
        read,
        command,
        all,
        Optional.empty(),
        "/",
        from,
        List.of(),
        List.of(),
        Resources.UNLIMITED,
        List.of(),
        false,
        CapabilityChanges.NONE);
  }

  private JailName jailName(JailName id) throws JobException {
    if (name.isEmpty()) {
      return id;
    }
    try {
      return new JailName(name.get());
    } catch (IllegalArgumentException wrong) {
      throw new JobException("-n: " + wrong.getMessage());
    }
  }

  private JailSpec.Root root(Path writable, List<Path> systemDirectories, List<String> problems) {
    if (root.equals(HOST)) {
      return new JailSpec.Root.HostSystem(writable, systemDirectories, List.of());
    }
    Path path = Path.of(root).toAbsolutePath().normalize();
    if (!Files.isDirectory(path)) {
      problems.add(
          "the root "
              + root
              + (Files.exists(path) ? " is no directory" : " does not exist")
              + ": name a directory, or write "
              + HOST
              + " for the host's own system");
    }
    return new JailSpec.Root.Directory(path);
  }

  private JailParameters parameters(
      JailName id, Supplier<List<JailParameter>> others, List<String> problems) {
    List<Assignment> assignments = new ArrayList<>();
    for (Assignment each : RunDefaults.of(id.value(), user)) {
      if (!each.name().equals("exec.stop") || hasShutdown()) {
        assignments.add(each);
      }
    }
    parameters.forEach(flag -> assignments.add(Assignment.parse(flag, "")));
    return switch (AssignmentReader.ofCatalogue().read(assignments, others)) {
      case AssignmentReading.Accepted(JailParameters accepted) -> accepted;
      case AssignmentReading.Refused(List<ParameterProblem> wrong) -> {
        wrong.forEach(problem -> problems.add(FLAG + " " + problem.message()));
        yield JailParameters.NONE;
      }
    };
  }

  /** FreeBSD's base system has it; nobody asked for it where there is none. */
  private boolean hasShutdown() {
    Path base = root.equals(HOST) ? Path.of("/") : Path.of(root);
    return Files.exists(base.resolve(SHUTDOWN.toString().substring(1)));
  }

  /** All that jail(8) leaves of its own environment where it is to be clean. */
  private Map<String, String> terminal() {
    String type = ambient.get("TERM");
    return type == null ? Map.of() : Map.of("TERM", type);
  }

  private Environment environment(boolean clean, List<String> problems) {
    try {
      Environment all = new Environment(clean ? terminal() : ambient);
      return all.and(environment);
    } catch (IllegalArgumentException wrong) {
      problems.add("-e: " + wrong.getMessage());
      return Environment.EMPTY;
    }
  }
}
