package io.gaol.benchmark;

import io.gaol.engine.Programs;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What users install, built.
 *
 * @param home its directory
 */
record Installation(Path home) {

  /** The command. */
  Path gaol() {
    return home.resolve("bin/gaol");
  }

  /** The plugin that an agent starts. */
  Path jailTaskDriver() {
    return home.resolve("plugins/jail-task-driver");
  }

  /** A copy of it that has no start-up caches. */
  Installation copyWithoutCaches(Path target) throws IOException, InterruptedException {
    Programs.Result copied =
        Programs.run(Path.of("/tmp"), List.of("cp", "-Rp", home.toString(), target.toString()));
    if (!copied.successful()) {
      throw new IOException("cp: " + copied.describe());
    }
    try (DirectoryStream<Path> caches = Files.newDirectoryStream(target.resolve("lib"), "*.jsa")) {
      for (Path cache : caches) {
        Files.delete(cache);
      }
    }
    return new Installation(target);
  }
}
