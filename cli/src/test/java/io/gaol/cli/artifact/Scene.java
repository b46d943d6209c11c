package io.gaol.cli.artifact;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gaol.cli.artifact.Artifact.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A task's directories, as the runner lays them, and a folder with a job file. */
final class Scene {
  static final ArtifactLimits SMALL =
      new ArtifactLimits(
          1_000_000,
          1_000_000,
          50,
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofMinutes(1));

  final Path folder;
  final Path allocation;
  final Path task;
  final List<String> events = new ArrayList<>();

  Scene(Path directory) throws IOException {
    folder = Files.createDirectory(directory.resolve("job"));
    allocation = Files.createDirectory(directory.resolve("allocation"));
    task = Files.createDirectory(allocation.resolve("task"));
    Files.createDirectory(task.resolve("local"));
    Files.createDirectories(allocation.resolve("alloc/data"));
  }

  ArtifactPlaces places() {
    return new ArtifactPlaces(
        folder, allocation, task, allocation.resolve("alloc"), Optional.empty());
  }

  static Artifact artifact(String source) {
    return artifact(source, "local/", Mode.ANY, Map.of());
  }

  static Artifact artifact(
      String source, String destination, Mode mode, Map<String, String> options) {
    return new Artifact(source, destination, mode, options, Map.of(), false, false);
  }

  void fetch(Artifact artifact) throws ArtifactException, InterruptedException {
    ArtifactFetcher.fetch(artifact, places(), SMALL, events::add);
  }

  void fetch(String source) throws ArtifactException, InterruptedException {
    fetch(artifact(source));
  }

  /** The refusal, and that it left nothing: the allocation is as it was. */
  String refusal(Artifact artifact) throws IOException {
    return refusal(artifact, SMALL);
  }

  String refusal(Artifact artifact, ArtifactLimits limits) throws IOException {
    Map<String, String> before = content();
    ArtifactException refused =
        catchThrowableOfType(
            ArtifactException.class,
            () -> ArtifactFetcher.fetch(artifact, places(), limits, events::add));
    if (refused == null) {
      throw new AssertionError("it was fetched: " + content());
    }
    if (!content().equals(before)) {
      throw new AssertionError("it left " + content() + " where there was " + before);
    }
    return refused.getMessage();
  }

  String refusal(String source) throws IOException {
    return refusal(artifact(source));
  }

  /** All there is in the allocation: files with what is in them, links with where they lead. */
  Map<String, String> content() throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> all = Files.walk(allocation)) {
      for (Path path : all.toList()) {
        String name = allocation.relativize(path).toString();
        if (Files.isSymbolicLink(path)) {
          content.put(name, "-> " + Files.readSymbolicLink(path));
        } else if (Files.isRegularFile(path)) {
          content.put(name, Files.readString(path));
        } else {
          content.put(name + "/", "");
        }
      }
    }
    return content;
  }
}
