package io.gaol.cli.template;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Reads files below some directories and no others. Symbolic links may lead around within a
 * directory, not out of it; also not when somebody changes them while they are followed.
 */
public final class FileSandbox implements FileReader {
  /** The largest file that is read, in bytes. */
  public static final int MOST_BYTES = 16 << 20;

  private final Path workingDirectory;
  private final Map<Path, Path> directories;

  private FileSandbox(Path workingDirectory, Map<Path, Path> directories) {
    this.workingDirectory = workingDirectory;
    this.directories = directories;
  }

  /**
   * A sandbox of directories.
   *
   * @param workingDirectory where relative paths begin, as templates see it
   * @param directories what can be read: the directory as templates call it ({@code /local}), and
   *     where it is on this host; all absolute
   */
  public static FileSandbox of(Path workingDirectory, Map<Path, Path> directories) {
    return new FileSandbox(workingDirectory, Map.copyOf(directories));
  }

  /** A sandbox in which no file can be read. */
  public static FileSandbox empty() {
    return of(Path.of("/"), Map.of());
  }

  @Override
  public Content read(String path) throws IOException {
    Path asked = normalized(path);
    Path outside =
        directories.keySet().stream()
            .filter(asked::startsWith)
            .max((left, right) -> Integer.compare(left.getNameCount(), right.getNameCount()))
            .orElseThrow(() -> new IOException("it is not below " + allowed()));
    try {
      Path directory = directories.get(outside).toRealPath();
      Path file = directory.resolve(outside.relativize(asked).toString()).toRealPath();
      if (!file.startsWith(directory)) {
        throw new IOException("a symbolic link leads out of " + outside);
      }
      return new Content(file, bytes(directory, directory.relativize(file)));
    } catch (NoSuchFileException _) {
      throw new IOException("there is no such file");
    } catch (FileSystemLoopException _) {
      throw new IOException("its symbolic links lead in a circle");
    } catch (AccessDeniedException _) {
      throw new IOException("permission denied");
    } catch (FileSystemException cannot) {
      throw new IOException(Objects.requireNonNullElse(cannot.getReason(), "it is not there"));
    }
  }

  private Path normalized(String path) throws IOException {
    try {
      return workingDirectory.resolve(Path.of(path)).normalize();
    } catch (InvalidPathException _) {
      throw new IOException("this is not a path");
    }
  }

  private String allowed() {
    return directories.isEmpty()
        ? "a directory that the template may read"
        : String.join(" or ", directories.keySet().stream().map(Path::toString).sorted().toList());
  }

  /** The real path below a directory, each step from the one before and through no link. */
  private static byte[] bytes(Path directory, Path relative) throws IOException {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      if (stream instanceof SecureDirectoryStream<Path> secure) {
        return bytes(secure, relative);
      }
    }
    throw new IOException("this system cannot open files without following links");
  }

  private static byte[] bytes(SecureDirectoryStream<Path> directory, Path relative)
      throws IOException {
    if (relative.toString().isEmpty()) {
      throw new IOException("it is not a regular file");
    }
    if (relative.getNameCount() > 1) {
      try (SecureDirectoryStream<Path> next =
          directory.newDirectoryStream(relative.getName(0), LinkOption.NOFOLLOW_LINKS)) {
        return bytes(next, relative.subpath(1, relative.getNameCount()));
      }
    }
    BasicFileAttributeView view =
        directory.getFileAttributeView(
            relative, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (!view.readAttributes().isRegularFile()) {
      throw new IOException("it is not a regular file");
    }
    try (SeekableByteChannel channel =
        directory.newByteChannel(
            relative, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      if (channel.size() > MOST_BYTES) {
        throw new IOException("it is larger than " + (MOST_BYTES >> 20) + " MiB");
      }
      // One more than its size now, to see whether it grows.
      ByteBuffer buffer = ByteBuffer.allocate((int) channel.size() + 1);
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // On to the end.
      }
      if (!buffer.hasRemaining()) {
        throw new IOException("it grows while it is read");
      }
      return Arrays.copyOf(buffer.array(), buffer.position());
    }
  }

  @Override
  public String toString() {
    return directories.toString();
  }
}
