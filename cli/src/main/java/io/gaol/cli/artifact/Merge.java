package io.gaol.cli.artifact;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Moves what was fetched to where it belongs, all of it or nothing: each move is noted, and taken
 * back when a later one fails.
 */
final class Merge {
  private final Path replaced;
  private final Optional<FileOwner> owner;
  private final Deque<Undo> undos = new ArrayDeque<>();
  private int count;

  /** Takes back one act. */
  private interface Undo {
    void run() throws IOException;
  }

  private Merge(Path replaced, Optional<FileOwner> owner) {
    this.replaced = replaced;
    this.owner = owner;
  }

  /**
   * Moves a file to its name, or a directory's contents into a directory. Directories become one;
   * anything else that is there is replaced.
   *
   * @param replaced an empty directory, for what was there before
   * @param owner of the directories that are made on the way
   */
  static void move(Path from, Path to, Path replaced, Optional<FileOwner> owner)
      throws IOException {
    Merge merge = new Merge(replaced, owner);
    try {
      if (Files.isDirectory(from, NOFOLLOW_LINKS)) {
        merge.makeDirectories(to);
        merge.contents(from, to);
      } else {
        merge.makeDirectories(to.getParent());
        merge.entry(from, to);
      }
    } catch (IOException failure) {
      merge.takeBack(failure);
      throw failure;
    }
  }

  private void makeDirectories(Path directory) throws IOException {
    if (Files.isDirectory(directory, NOFOLLOW_LINKS)) {
      return;
    }
    makeDirectories(directory.getParent());
    Files.createDirectory(directory);
    undos.push(() -> Files.delete(directory));
    Files.setAttribute(directory, "unix:mode", 0755);
    if (owner.isPresent()) {
      own(directory, owner.get());
    }
  }

  private void contents(Path from, Path to) throws IOException {
    for (Path entry : list(from)) {
      entry(entry, to.resolve(entry.getFileName()));
    }
  }

  private void entry(Path from, Path to) throws IOException {
    if (Files.isDirectory(from, NOFOLLOW_LINKS) && Files.isDirectory(to, NOFOLLOW_LINKS)) {
      contents(from, to);
      return;
    }
    if (Files.exists(to, NOFOLLOW_LINKS)) {
      rename(to, replaced.resolve(Integer.toString(count++)));
    }
    rename(from, to);
  }

  private void rename(Path from, Path to) throws IOException {
    Files.move(from, to);
    undos.push(() -> Files.move(to, from));
  }

  private void takeBack(IOException failure) {
    for (Undo undo : undos) {
      try {
        undo.run();
      } catch (IOException further) {
        failure.addSuppressed(further);
      }
    }
  }

  static void own(Path path, FileOwner owner) throws IOException {
    Files.setAttribute(path, "unix:uid", owner.uid(), NOFOLLOW_LINKS);
    Files.setAttribute(path, "unix:gid", owner.gid(), NOFOLLOW_LINKS);
  }

  private static List<Path> list(Path directory) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    }
    return entries;
  }
}
