package io.gaol.cli.artifact;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files being written below a directory that only this program can reach, at the word of an archive
 * that nobody trusts. Nothing is ever written outside, and no link is followed.
 */
final class Tree {
  private static final int PERMISSIONS = 0777;

  private final Path root;
  private final String shown;
  private final ArtifactLimits limits;
  private final Map<Path, Attributes> directories = new LinkedHashMap<>();
  private long bytes;
  private int entries;

  /**
   * An entry's attributes.
   *
   * @param mode permissions; what else is in it, such as setuid, is dropped
   * @param modified when it was last changed
   */
  record Attributes(int mode, FileTime modified) {}

  /** Below a directory that is there and empty. */
  Tree(Path root, String shown, ArtifactLimits limits) {
    this.root = root;
    this.shown = shown;
    this.limits = limits;
  }

  /** Makes a directory; it may be there already. */
  void directory(String name, Attributes attributes) throws IOException, ArtifactException {
    Path path = locate(name);
    if (path.equals(root)) {
      return;
    }
    if (!Files.exists(path, NOFOLLOW_LINKS)) {
      count();
      Files.createDirectory(path);
    } else if (!Files.isDirectory(path, NOFOLLOW_LINKS)) {
      throw refused(name, "is there twice, and not as a directory each time");
    }
    directories.put(path, attributes);
  }

  /** Writes a file. A later one of the same name replaces it, as with tar(1). */
  void file(String name, Attributes attributes, InputStream content)
      throws IOException, ArtifactException, InterruptedException {
    Path path = locate(name);
    count();
    if (path.equals(root)) {
      throw refused(name, "has no name");
    }
    if (Files.isRegularFile(path, NOFOLLOW_LINKS)) {
      Files.delete(path);
    } else if (Files.exists(path, NOFOLLOW_LINKS)) {
      throw refused(name, "is there twice, and not as a file each time");
    }
    try (OutputStream out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW)) {
      bytes += copy(content, out, limits.unpackedBytes() - bytes, shown);
    }
    set(path, attributes);
  }

  /** Makes a symbolic link; where it leads to is checked in the end. */
  void symbolicLink(String name, String target) throws IOException, ArtifactException {
    Path path = newEntry(name);
    try {
      Files.createSymbolicLink(path, Path.of(target));
    } catch (InvalidPathException wrong) {
      throw refused(name, "is a link to what is no path");
    }
  }

  /** Makes a further name of a file that is there. */
  void hardLink(String name, String target) throws IOException, ArtifactException {
    Path existing = locate(target);
    if (!Files.isRegularFile(existing, NOFOLLOW_LINKS)) {
      throw refused(name, "is a hard link to " + Shown.quoted(target) + ", which is no file in it");
    }
    Files.createLink(newEntry(name), existing);
  }

  /** Whether nothing was written. */
  boolean isEmpty() {
    return entries == 0;
  }

  ArtifactException refused(String name, String problem) {
    return new ArtifactException(shown, "its entry " + Shown.quoted(name) + " " + problem);
  }

  /** Gives directories their modes, which may forbid writing in them. */
  void finish() throws IOException {
    List<Path> inOrder = new ArrayList<>(directories.keySet());
    for (Path path : inOrder.reversed()) {
      set(path, directories.get(path));
    }
  }

  /**
   * Refuses links that lead out of a directory. A link may go up first, as far as the directory
   * reaches, and then only down: so it stays inside whatever other links it meets on its way.
   *
   * @param top what the links may reach
   */
  static void checkLinks(Path top, String shown) throws IOException, ArtifactException {
    List<Path> leaving = new ArrayList<>();
    Files.walkFileTree(
        top,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isSymbolicLink() && leaves(top, file)) {
              leaving.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    if (!leaving.isEmpty()) {
      Path link = leaving.getFirst();
      throw new ArtifactException(
          shown,
          "its entry "
              + Shown.quoted(top.relativize(link).toString())
              + " is a symbolic link that leads outside: "
              + Shown.quoted(Files.readSymbolicLink(link).toString()));
    }
  }

  private static boolean leaves(Path top, Path link) throws IOException {
    Path target = Files.readSymbolicLink(link);
    if (target.isAbsolute()) {
      return true;
    }
    List<String> names = new ArrayList<>();
    target.forEach(name -> names.add(name.toString()));
    int up = 0;
    while (up < names.size() && names.get(up).equals("..")) {
      up++;
    }
    int depth = top.relativize(link).getNameCount() - 1;
    return up > depth || names.subList(up, names.size()).contains("..");
  }

  /**
   * Copies, until the end or an interrupt.
   *
   * @param most how many bytes
   */
  static long copy(InputStream in, OutputStream out, long most, String shown)
      throws IOException, ArtifactException, InterruptedException {
    byte[] buffer = new byte[1 << 16];
    long copied = 0;
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      copied += count;
      if (copied > most) {
        throw new ArtifactException(shown, "unpacked, it is larger than is allowed");
      }
      out.write(buffer, 0, count);
    }
    return copied;
  }

  private Path newEntry(String name) throws IOException, ArtifactException {
    Path path = locate(name);
    count();
    if (Files.exists(path, NOFOLLOW_LINKS)) {
      throw refused(name, "is there twice, once as a link");
    }
    return path;
  }

  /** Where an entry is, with the directories that lead there. */
  private Path locate(String name) throws IOException, ArtifactException {
    if (name.startsWith("/")) {
      throw refused(name, "has an absolute path");
    }
    List<String> parts = new ArrayList<>();
    for (String part : name.split("/")) {
      if (part.equals("..")) {
        throw refused(name, "leads outside with ..");
      }
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    try {
      Path path = root;
      for (int index = 0; index < parts.size(); index++) {
        path = path.resolve(parts.get(index));
        if (index < parts.size() - 1) {
          passThrough(name, path);
        }
      }
      return path;
    } catch (InvalidPathException wrong) {
      throw refused(name, "has a name that cannot be: " + wrong.getReason());
    }
  }

  private void passThrough(String name, Path directory) throws IOException, ArtifactException {
    if (Files.isSymbolicLink(directory)) {
      throw refused(name, "goes through a symbolic link");
    }
    if (!Files.exists(directory, NOFOLLOW_LINKS)) {
      count();
      Files.createDirectory(directory);
      directories.put(directory, new Attributes(0755, FileTime.fromMillis(0)));
    } else if (!Files.isDirectory(directory, NOFOLLOW_LINKS)) {
      throw refused(name, "goes through a file");
    }
  }

  private void count() throws ArtifactException {
    entries++;
    if (entries > limits.entries()) {
      throw new ArtifactException(
          shown, "it has more than " + limits.entries() + " files, directories and links");
    }
  }

  private static void set(Path path, Attributes attributes) throws IOException {
    Files.setAttribute(path, "unix:mode", attributes.mode() & PERMISSIONS);
    if (attributes.modified().toMillis() > 0) {
      Files.setLastModifiedTime(path, attributes.modified());
    }
  }
}
