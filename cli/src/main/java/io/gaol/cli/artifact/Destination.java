package io.gaol.cli.artifact;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.gaol.cli.artifact.Artifact.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Where an artifact goes: into a task's directory, or into what the group's tasks share.
 *
 * @param path a directory, or with mode {@code file} the file; symbolic links on the way resolved
 * @param existing the nearest directory above it, or itself, that is there
 */
record Destination(Path path, Path existing) {
  /**
   * Resolves a destination as Nomad does: a task's absolute path is taken below the task's
   * directory.
   *
   * @throws ArtifactException if it leads outside, also by a link that is there
   */
  static Destination of(Artifact artifact, ArtifactPlaces places, String shown)
      throws IOException, ArtifactException {
    Path path = within(artifact, places, shown);
    Path root =
        path.startsWith(places.taskDirectory()) ? places.taskDirectory() : places.sharedDirectory();
    // A file replaces a link of its name, and is not written through it.
    Path linked = artifact.mode() == Mode.FILE && !path.equals(root) ? path.getParent() : path;
    Path there = linked;
    while (!Files.exists(there, NOFOLLOW_LINKS) && !there.equals(root)) {
      there = there.getParent();
    }
    Path real;
    try {
      real = there.toRealPath();
    } catch (NoSuchFileException dangling) {
      throw wrong(artifact, shown, "goes through a link that leads nowhere");
    }
    if (!real.startsWith(root.toRealPath())) {
      throw wrong(artifact, shown, "leads out of the task's directory by a symbolic link");
    }
    if (!Files.isDirectory(real)) {
      throw wrong(artifact, shown, "has a file in its way: " + Shown.text(there.toString()));
    }
    Path resolved = real.resolve(there.relativize(path)).normalize();
    if (artifact.mode() == Mode.FILE && Files.isDirectory(resolved, NOFOLLOW_LINKS)) {
      throw wrong(
          artifact, shown, "is a directory: with mode = \"file\", it is the name of the file");
    }
    return new Destination(resolved, real);
  }

  private static Path within(Artifact artifact, ArtifactPlaces places, String shown)
      throws ArtifactException {
    Path task = places.taskDirectory();
    Path shared = places.sharedDirectory();
    Path path;
    try {
      path = Path.of(artifact.destination()).normalize();
      if (!path.isAbsolute() || !(path.startsWith(task) || path.startsWith(shared))) {
        path = task.resolve("./" + artifact.destination()).normalize();
      }
    } catch (InvalidPathException wrong) {
      throw wrong(artifact, shown, "is no path: " + wrong.getReason());
    }
    if (path.startsWith(task.resolve("alloc"))) {
      path = shared.resolve(task.resolve("alloc").relativize(path)).normalize();
    }
    if (!path.startsWith(task) && !path.startsWith(shared)) {
      throw wrong(artifact, shown, "leads out of the task's directory");
    }
    return path;
  }

  private static ArtifactException wrong(Artifact artifact, String shown, String problem) {
    return new ArtifactException(
        shown, "its destination " + Shown.quoted(artifact.destination()) + " " + problem);
  }
}
