package io.gaol.cli.job;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A file that is put into a task's directory, where the task may change whatever it likes
 * meanwhile: no symbolic link is followed, and the file is there whole or not at all.
 */
final class TaskFile {
  private static final Set<StandardOpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private final byte[] content;
  private final int permissions;
  private final OptionalInt user;
  private final OptionalInt group;

  /**
   * A file to be written.
   *
   * @param content of it; kept as it is, not copied
   * @param permissions nine bits, such as {@code 0644}
   * @param user whose it becomes; empty for root
   * @param group whose it becomes; empty for root's
   */
  TaskFile(byte[] content, int permissions, OptionalInt user, OptionalInt group) {
    this.content = content;
    this.permissions = permissions;
    this.user = user;
    this.group = group;
  }

  /**
   * Puts it in place; directories on the way are made.
   *
   * @param directory that no task can replace
   * @param path below it
   * @throws IOException if it cannot be; what was there before is as it was
   */
  void write(Path directory, Path path) throws IOException {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      if (!(stream instanceof SecureDirectoryStream<Path> secure)) {
        throw new IOException("this system cannot open files without following links");
      }
      write(secure, directory, path);
    }
  }

  private void write(SecureDirectoryStream<Path> directory, Path at, Path path) throws IOException {
    if (path.getNameCount() > 1) {
      Path name = path.getName(0);
      try (SecureDirectoryStream<Path> next = enter(directory, at, name)) {
        write(next, at.resolve(name), path.subpath(1, path.getNameCount()));
      }
      return;
    }
    Path unfinished = Path.of(".gaol-" + System.nanoTime());
    try {
      fill(directory, at, unfinished);
      directory.move(unfinished, directory, path);
    } catch (IOException failure) {
      deleteQuietly(directory, unfinished);
      throw failure;
    }
  }

  private static SecureDirectoryStream<Path> enter(
      SecureDirectoryStream<Path> directory, Path at, Path name) throws IOException {
    try {
      return directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException missing) {
      try {
        Files.createDirectory(at.resolve(name));
      } catch (FileAlreadyExistsException since) {
        // Then it is entered, if it is a directory.
      }
      return directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
    }
  }

  private void fill(SecureDirectoryStream<Path> directory, Path at, Path name) throws IOException {
    try (SeekableByteChannel channel =
        directory.newByteChannel(
            name,
            NEW,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer left = ByteBuffer.wrap(content);
      while (left.hasRemaining()) {
        channel.write(left);
      }
    }
    PosixFileAttributeView view =
        directory.getFileAttributeView(
            name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    UserPrincipalLookupService users = at.getFileSystem().getUserPrincipalLookupService();
    if (user.isPresent()) {
      UserPrincipal owner = users.lookupPrincipalByName(Integer.toString(user.getAsInt()));
      view.setOwner(owner);
    }
    if (group.isPresent()) {
      GroupPrincipal owners = users.lookupPrincipalByGroupName(Integer.toString(group.getAsInt()));
      view.setGroup(owners);
    }
    view.setPermissions(bits());
  }

  private Set<PosixFilePermission> bits() {
    // The constants are in the order of the bits, the highest first.
    Set<PosixFilePermission> bits = EnumSet.noneOf(PosixFilePermission.class);
    int bit = 0400;
    for (PosixFilePermission permission : PosixFilePermission.values()) {
      if ((permissions & bit) != 0) {
        bits.add(permission);
      }
      bit >>= 1;
    }
    return bits;
  }

  private static void deleteQuietly(SecureDirectoryStream<Path> directory, Path name) {
    try {
      directory.deleteFile(name);
    } catch (IOException gone) {
      // It was not made, or it is in place.
    }
  }
}
