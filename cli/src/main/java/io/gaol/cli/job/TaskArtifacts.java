package io.gaol.cli.job;

import io.gaol.cli.artifact.Artifact;
import io.gaol.cli.artifact.ArtifactException;
import io.gaol.cli.artifact.ArtifactFetcher;
import io.gaol.cli.artifact.ArtifactLimits;
import io.gaol.cli.artifact.ArtifactPlaces;
import io.gaol.cli.artifact.FileOwner;
import io.gaol.hcl.Diagnostic;
import io.gaol.hcl.SourceRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The artifacts of a task, each fetched once, however often the task is started. */
final class TaskArtifacts {
  /** Lines of passwd(5): name, password, uid, gid and more. */
  private static final int PASSWD_FIELDS = 4;

  private final List<Wanted> wanted;
  private final ArtifactPlaces places;
  private int fetched;

  private TaskArtifacts(List<Wanted> wanted, ArtifactPlaces places) {
    this.wanted = wanted;
    this.places = places;
  }

  /**
   * An artifact with its references answered.
   *
   * @param range of its block
   */
  private record Wanted(Artifact artifact, SourceRange range) {}

  /**
   * The artifacts of a task; nothing is touched.
   *
   * @param user the task's, by name or number; whom those with {@code chown} are given
   * @throws JobException if one could not be fetched whatever is there, with its place
   */
  static TaskArtifacts of(JobPlanner.Placed placed, NomadVariables variables, Optional<String> user)
      throws JobException {
    List<Wanted> wanted = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    Path folder = jobFolder(placed.task());
    for (Job.Artifact block : placed.task().artifacts()) {
      try {
        Artifact artifact = resolve(block, variables);
        ArtifactFetcher.check(artifact, folder);
        wanted.add(new Wanted(artifact, block.range()));
      } catch (NomadVariables.UnknownReferenceException unknown) {
        problems.add(unknown.diagnostic(block.range(), variables).render());
      } catch (ArtifactException wrong) {
        problems.add(Diagnostic.error(block.range(), wrong.getMessage(), "").render());
      }
    }
    Optional<FileOwner> owner = Optional.empty();
    if (placed.task().artifacts().stream().anyMatch(Job.Artifact::chown) && user.isPresent()) {
      owner = owner(user.get());
      if (owner.isEmpty()) {
        problems.add(
            Diagnostic.error(
                    placed.task().range(),
                    "chown of an artifact: this host has no user \"" + user.get() + "\"",
                    "Write the user's number.")
                .render());
      }
    }
    if (!problems.isEmpty()) {
      throw new JobException(problems);
    }
    Allocation allocation = placed.allocation();
    return new TaskArtifacts(
        wanted,
        new ArtifactPlaces(
            folder,
            allocation.directory(),
            allocation.taskDirectory(placed.number(), placed.task().name()),
            allocation.shared(),
            owner));
  }

  /** The folder of the job file; of a job from standard input, where we are. */
  private static Path jobFolder(Job.TaskSpec task) {
    return Path.of(task.range().source().name()).toAbsolutePath().normalize().getParent();
  }

  private static Artifact resolve(Job.Artifact block, NomadVariables variables)
      throws NomadVariables.UnknownReferenceException {
    return new Artifact(
        variables.resolve(block.source()),
        variables.resolve(block.destination()),
        block.mode(),
        resolve(block.options(), variables),
        resolve(block.headers(), variables),
        block.chown(),
        block.insecure());
  }

  private static Map<String, String> resolve(Map<String, String> texts, NomadVariables variables)
      throws NomadVariables.UnknownReferenceException {
    Map<String, String> resolved = new LinkedHashMap<>();
    for (Map.Entry<String, String> text : texts.entrySet()) {
      resolved.put(text.getKey(), variables.resolve(text.getValue()));
    }
    return resolved;
  }

  /** A user by {@code uid}, {@code uid:gid}, or a name of this host. */
  private static Optional<FileOwner> owner(String user) {
    if (user.matches("[0-9]{1,9}(:[0-9]{1,9})?")) {
      String[] numbers = user.split(":");
      return Optional.of(
          new FileOwner(
              Integer.parseInt(numbers[0]), Integer.parseInt(numbers[numbers.length - 1])));
    }
    try {
      for (String line : Files.readAllLines(Path.of("/etc/passwd"))) {
        String[] fields = line.split(":");
        if (fields.length >= PASSWD_FIELDS && fields[0].equals(user)) {
          return Optional.of(
              new FileOwner(Integer.parseInt(fields[2]), Integer.parseInt(fields[3])));
        }
      }
    } catch (IOException | NumberFormatException unreadable) {
      // Then nobody is known.
    }
    return Optional.empty();
  }

  /**
   * Fetches what has not been fetched.
   *
   * @param events hears what happens
   * @throws JobException if one cannot be had, with the place of its block; nothing of it is there
   */
  void fetch(Consumer<String> events) throws JobException, InterruptedException {
    while (fetched < wanted.size()) {
      Wanted next = wanted.get(fetched);
      try {
        ArtifactFetcher.fetch(next.artifact(), places, ArtifactLimits.NOMAD, events);
      } catch (ArtifactException failure) {
        throw new JobException(next.range() + ": " + failure.getMessage());
      }
      fetched++;
    }
  }
}
