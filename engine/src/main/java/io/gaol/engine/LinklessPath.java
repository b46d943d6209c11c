package io.gaol.engine;

import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * A place among files that a task can change while it runs. Whatever it puts on the way there, what
 * is done here happens below the base or not at all: each directory on the way is opened in the one
 * before, and the last name is used in the last of them (openat(2), unlinkat(2)). A path that is
 * walked by the kernel instead leads to wherever a link in it points by then. A name in the base
 * itself has no way that could be changed, and the kernel follows no link that is the last name
 * here.
 */
public final class LinklessPath {
  /** What opens only if it is a directory; a FIFO would be waited for. */
  private static final Path ITSELF = Path.of(".");

  /** The directories that this process has open, where the host shows them. */
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private static final Set<PosixFilePermission> DIRECTORY_MODE =
      PosixFilePermissions.fromString("rwxr-xr-x");
  private static final Set<PosixFilePermission> FILE_MODE =
      PosixFilePermissions.fromString("rw-r--r--");

  private final Path base;
  private final Path path;
  private final Path below;

  /** Something else than a directory is on the way, or in the place. */
  static final class InTheWayException extends IOException {
    private static final long serialVersionUID = 1L;

    private InTheWayException(Path there, BasicFileAttributes attributes, Path path) {
      super(
          there
              + (attributes.isSymbolicLink()
                  ? " is a symbolic link, but a directory is needed there"
                  : " is not a directory, but one is needed there")
              + (there.equals(path) ? "" : " for " + path)
              + ": remove it, or make it a directory");
    }
  }

  /**
   * A place.
   *
   * @param base a directory that no task can replace; links may lead to it
   * @param path below the base
   * @throws IllegalArgumentException if it is not, or leads up again
   */
  public LinklessPath(Path base, Path path) {
    if (!path.startsWith(base) || path.equals(base)) {
      throw new IllegalArgumentException(path + " is not below " + base);
    }
    this.base = base;
    this.path = path;
    this.below = path.subpath(base.getNameCount(), path.getNameCount());
    if (!below.equals(below.normalize()) || below.startsWith("..")) {
      throw new IllegalArgumentException(path + " leads up again");
    }
  }

  Path path() {
    return path;
  }

  /**
   * Where this is if no task has put a link on the way: only those that lead to the base are
   * followed.
   *
   * @return a path without links; what is not there yet will be no link
   */
  public Path real() throws IOException {
    Path there = base;
    while (there.getNameCount() > 0 && !Files.exists(there)) {
      there = there.getParent();
    }
    return there.toRealPath().resolve(path.subpath(there.getNameCount(), path.getNameCount()));
  }

  /**
   * Whether a directory is there.
   *
   * @throws InTheWayException if something else is, there or on the way
   */
  boolean isDirectory() throws IOException {
    if (isInBase()) {
      return isDirectory(find());
    }
    try (SecureDirectoryStream<Path> parent = parent()) {
      return isDirectory(parent);
    } catch (NoSuchFileException none) {
      return false;
    }
  }

  private boolean isDirectory(SecureDirectoryStream<Path> parent) throws IOException {
    return isDirectory(find(parent, path.getFileName()));
  }

  private boolean isDirectory(Optional<PosixFileAttributes> there) throws InTheWayException {
    if (there.isPresent() && !there.get().isDirectory()) {
      throw new InTheWayException(path, there.get(), path);
    }
    return there.isPresent();
  }

  /**
   * Whether anything is there.
   *
   * @throws InTheWayException if something else than a directory is on the way
   */
  boolean exists() throws IOException {
    try (SecureDirectoryStream<Path> parent = parent()) {
      return find(parent, path.getFileName()).isPresent();
    } catch (NoSuchFileException none) {
      return false;
    }
  }

  /**
   * Whether a file is there.
   *
   * @throws IOException if something else is, or something else than a directory is on the way
   */
  boolean isFile() throws IOException {
    try (SecureDirectoryStream<Path> parent = parent()) {
      Optional<PosixFileAttributes> there = find(parent, path.getFileName());
      if (there.filter(file -> !file.isRegularFile()).isPresent()) {
        throw new IOException(
            path
                + (there.get().isSymbolicLink() ? " is a symbolic link" : " is no regular file")
                + ", but a file is needed there: remove it, or make it a file");
      }
      return there.isPresent();
    } catch (NoSuchFileException none) {
      return false;
    }
  }

  /** Makes a directory that is not there yet, with mode 0755. */
  void makeDirectory() throws IOException {
    if (isInBase()) {
      Files.createDirectory(path, PosixFilePermissions.asFileAttribute(DIRECTORY_MODE));
      if (hasMode(find(), DIRECTORY_MODE)) {
        return;
      }
      try (SecureDirectoryStream<Path> parent = parent()) {
        setMode(parent, DIRECTORY_MODE);
      }
      return;
    }
    try (SecureDirectoryStream<Path> parent = parent()) {
      Files.createDirectory(
          byDescriptor(parent).orElseGet(path::getParent).resolve(path.getFileName()),
          PosixFilePermissions.asFileAttribute(DIRECTORY_MODE));
      if (!isDirectory(parent)) {
        throw new IOException(
            path + " was moved away while it was made: something else changes these files");
      }
      setMode(parent, DIRECTORY_MODE);
    }
  }

  /** Makes an empty file where nothing is yet, with mode 0644. */
  void makeFile() throws IOException {
    FileAttribute<?> mode = PosixFilePermissions.asFileAttribute(FILE_MODE);
    try (SecureDirectoryStream<Path> parent = parent()) {
      parent
          .newByteChannel(
              path.getFileName(),
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              mode)
          .close();
      setMode(parent, FILE_MODE);
    } catch (FileAlreadyExistsException there) {
      throw new FileAlreadyExistsException(path.toString());
    }
  }

  /** A umask may have taken some of it away. */
  private void setMode(SecureDirectoryStream<Path> parent, Set<PosixFilePermission> mode)
      throws IOException {
    Path name = path.getFileName();
    // Opens it: only where it must.
    if (!hasMode(find(parent, name), mode)) {
      parent
          .getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .setPermissions(mode);
    }
  }

  private static boolean hasMode(
      Optional<PosixFileAttributes> there, Set<PosixFilePermission> mode) {
    return there.filter(attributes -> attributes.permissions().equals(mode)).isPresent();
  }

  /** Removes an empty directory. What else is there is somebody's, and so is what a link hides. */
  void removeEmptyDirectory() throws IOException {
    try {
      if (isInBase()) {
        if (isDirectory()) {
          Files.delete(path);
        }
        return;
      }
      try (SecureDirectoryStream<Path> parent = parent()) {
        if (isDirectory(parent)) {
          parent.deleteDirectory(path.getFileName());
        }
      }
    } catch (NoSuchFileException | InTheWayException gone) {
      // Ours has gone.
    } catch (DirectoryNotEmptyException used) {
      // Somebody put something in: it is his now.
    }
  }

  /** Removes an empty file. What else is there is somebody's, and so is what a link hides. */
  void removeEmptyFile() throws IOException {
    try (SecureDirectoryStream<Path> parent = parent()) {
      Optional<PosixFileAttributes> there = find(parent, path.getFileName());
      if (there.filter(file -> file.isRegularFile() && file.size() == 0).isPresent()) {
        parent.deleteFile(path.getFileName());
      }
    } catch (NoSuchFileException | InTheWayException gone) {
      // Ours has gone.
    }
  }

  /**
   * Opens a FIFO, for reading too: else a reader would be waited for.
   *
   * @return empty if there is none, or a link hides it
   */
  public Optional<ByteChannel> openFifo() throws IOException {
    try (SecureDirectoryStream<Path> parent = parent()) {
      Path name = path.getFileName();
      return find(parent, name).filter(BasicFileAttributes::isOther).isEmpty()
          ? Optional.empty()
          : Optional.of(
              parent.newByteChannel(
                  name,
                  Set.of(
                      StandardOpenOption.READ,
                      StandardOpenOption.WRITE,
                      LinkOption.NOFOLLOW_LINKS)));
    } catch (NoSuchFileException | InTheWayException none) {
      return Optional.empty();
    }
  }

  // ---- the way

  private boolean isInBase() {
    return below.getNameCount() == 1;
  }

  private Optional<PosixFileAttributes> find() throws IOException {
    try {
      return Optional.of(
          Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  @SuppressWarnings("StreamResourceLeak") // Who calls this closes it.
  private SecureDirectoryStream<Path> parent() throws IOException {
    SecureDirectoryStream<Path> here = secure(base, Files.newDirectoryStream(base));
    Path reached = base;
    for (int i = 0; i < below.getNameCount() - 1; i++) {
      Path name = below.getName(i);
      reached = reached.resolve(name);
      try (SecureDirectoryStream<Path> above = here) {
        here = step(above, name, reached);
      }
    }
    return here;
  }

  private SecureDirectoryStream<Path> step(
      SecureDirectoryStream<Path> above, Path name, Path reached) throws IOException {
    // A link is followed to a directory, and found out; nothing happened in that directory.
    Optional<PosixFileAttributes> there = find(above, name);
    if (there.isPresent() && !there.get().isDirectory()) {
      throw new InTheWayException(reached, there.get(), path);
    }
    SecureDirectoryStream<Path> opened =
        secure(reached, above.newDirectoryStream(name.resolve(ITSELF)));
    try {
      there = find(above, name);
      if (there.isPresent() && key(opened).equals(there.get().fileKey())) {
        return opened;
      }
      throw there.isPresent() && !there.get().isDirectory()
          ? new InTheWayException(reached, there.get(), path)
          : new IOException(reached + " was replaced while it was looked at");
    } catch (IOException | RuntimeException failure) {
      try (opened) {
        throw failure;
      }
    }
  }

  private static Optional<PosixFileAttributes> find(SecureDirectoryStream<Path> parent, Path name)
      throws IOException {
    try {
      return Optional.of(
          parent
              .getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
              .readAttributes());
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  /**
   * A path to an open directory that no link is on. Java knows no mkdirat(2), and does not tell the
   * number of a descriptor; whichever is of the same directory will do.
   */
  private Optional<Path> byDescriptor(SecureDirectoryStream<Path> directory) throws IOException {
    if (!Files.isDirectory(DESCRIPTORS)) {
      return Optional.empty();
    }
    Object wanted = key(directory);
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path descriptor : descriptors) {
        if (leadsTo(descriptor, wanted)) {
          return Optional.of(descriptor);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean leadsTo(Path descriptor, Object wanted) {
    try {
      return wanted.equals(Files.readAttributes(descriptor, BasicFileAttributes.class).fileKey());
    } catch (IOException closed) {
      return false;
    }
  }

  private static Object key(SecureDirectoryStream<Path> directory) throws IOException {
    return directory.getFileAttributeView(BasicFileAttributeView.class).readAttributes().fileKey();
  }

  private static SecureDirectoryStream<Path> secure(Path path, DirectoryStream<Path> stream)
      throws IOException {
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    stream.close();
    throw new IOException(path + " cannot be opened so that no link is followed in it");
  }
}
