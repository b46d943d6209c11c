package io.gaol.goplugin;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A fresh directory with room for one socket. Only its owner can enter it, and the members of the
 * group if there is one: whoever can connect can make the plugin do everything that it can do.
 *
 * @param socket the path of the socket, absolute
 * @param group who else may connect: the name or the number of a group
 */
record SocketPlace(Path socket, Optional<String> group) {
  /**
   * The longest path of a socket that every system takes: FreeBSD has 104 bytes with the NUL.
   *
   * @see <a href="https://man.freebsd.org/unix/4">unix(4)</a>
   */
  private static final int LONGEST_PATH_BYTES = 103;

  private static final Path SHORT_DIRECTORY = Path.of("/tmp");
  private static final String NAME = "plugin";
  private static final String SOCKET_NAME = "socket";

  /** A host gives up waiting for the handshake after that. */
  private static final Duration LONGEST_START = Duration.ofMinutes(1);

  private static final int ATTEMPTS = 100;

  /**
   * Makes the directory where the host wants it, else below TMPDIR, else below {@code /tmp}. A
   * TMPDIR that cannot be used is passed over: nobody meant it for sockets.
   *
   * @throws IOException if there is no place; with the reason
   */
  static SocketPlace make(Request request) throws IOException {
    if (request.socketDirectory().isPresent()) {
      return makeBelow(
          Path.of(request.socketDirectory().get()).toAbsolutePath(),
          "PLUGIN_UNIX_SOCKET_DIR",
          request.socketGroup());
    }
    if (request.temporaryDirectory().isPresent()) {
      try {
        Path temporary = Path.of(request.temporaryDirectory().get()).toAbsolutePath();
        return makeBelow(temporary, "TMPDIR", request.socketGroup());
      } catch (IOException | IllegalArgumentException unfit) {
        return makeBelow(SHORT_DIRECTORY, "the last resort", request.socketGroup());
      }
    }
    return makeBelow(SHORT_DIRECTORY, "the default", request.socketGroup());
  }

  private static SocketPlace makeBelow(Path parent, String origin, Optional<String> group)
      throws IOException {
    // No random numbers: the name only has to be free, for making a directory fails if it is not.
    String name = NAME + ProcessHandle.current().pid() + "-";
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Path directory = parent.resolve(name + Long.toString(System.nanoTime() & 0xffffffL, 36));
      Path socket = directory.resolve(SOCKET_NAME);
      refuseWhatCannotBeTold(socket, parent, origin);
      try {
        Files.createDirectory(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return new SocketPlace(socket, group);
      } catch (FileAlreadyExistsException taken) {
        // By a directory of another time; the next name is tried.
      } catch (FileSystemException refused) {
        throw new IOException(
            "cannot make a directory for the socket below "
                + parent
                + " ("
                + origin
                + "): "
                + (refused.getReason() == null ? "no such directory" : refused.getReason()),
            refused);
      }
    }
    throw new IOException("found no free name for the socket's directory below " + parent);
  }

  private static void refuseWhatCannotBeTold(Path socket, Path parent, String origin)
      throws IOException {
    String text = socket.toString();
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > LONGEST_PATH_BYTES) {
      throw new IOException(
          "the socket's path would be "
              + bytes
              + " bytes long, and a system takes "
              + LONGEST_PATH_BYTES
              + ": choose a directory with a shorter path than "
              + parent
              + " ("
              + origin
              + ")");
    }
    if (text.indexOf('|') >= 0 || text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
      throw new IOException(
          "a path with | or a line break cannot be told to the host: "
              + parent
              + " ("
              + origin
              + ")");
    }
  }

  /**
   * Lets the group in, if there is one; to be called when the socket is there.
   *
   * @throws IOException if there is no such group, or we may not give it files
   */
  void share() throws IOException {
    if (group.isEmpty()) {
      return;
    }
    try {
      int number = groupNumber(group.get());
      Files.setAttribute(socket, "unix:gid", number);
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
      Files.setAttribute(socket.getParent(), "unix:gid", number);
      Files.setPosixFilePermissions(
          socket.getParent(), PosixFilePermissions.fromString("rwx--x---"));
    } catch (IOException refused) {
      throw new IOException(
          "cannot give the socket to the group "
              + group.get()
              + " (PLUGIN_UNIX_SOCKET_GROUP): "
              + refused,
          refused);
    }
  }

  private int groupNumber(String nameOrNumber) throws IOException {
    try {
      return Integer.parseInt(nameOrNumber);
    } catch (NumberFormatException isName) {
      Files.getFileAttributeView(socket, java.nio.file.attribute.PosixFileAttributeView.class)
          .setGroup(
              socket
                  .getFileSystem()
                  .getUserPrincipalLookupService()
                  .lookupPrincipalByGroupName(nameOrNumber));
      return (Integer) Files.getAttribute(socket, "unix:gid");
    }
  }

  /**
   * Removes the directories beside this one that plugins left which were killed: those of ours, not
   * of the last minute, with a socket in them that nobody listens on.
   */
  void removeThoseOfTheDead() {
    Path own = socket.getParent();
    try (DirectoryStream<Path> others =
        Files.newDirectoryStream(own.getParent(), NAME + "[0-9]*-*")) {
      Object owner = Files.getAttribute(own, "unix:uid");
      for (Path other : others) {
        if (!other.equals(own) && isOld(other, owner) && isDead(other.resolve(SOCKET_NAME))) {
          new SocketPlace(other.resolve(SOCKET_NAME), Optional.empty()).remove();
        }
      }
    } catch (IOException | RuntimeException unreadable) {
      // What others left is no concern of who starts.
    }
  }

  private static boolean isOld(Path directory, Object owner) throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(
            directory, "unix:uid,isDirectory,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
    FileTime modified = (FileTime) attributes.get("lastModifiedTime");
    // A plugin that is just starting has a socket that it does not listen on yet.
    return attributes.get("isDirectory").equals(true)
        && attributes.get("uid").equals(owner)
        && modified.toInstant().isBefore(Instant.now().minus(LONGEST_START));
  }

  /** Whether there is a socket, and nobody listens on it. */
  private static boolean isDead(Path socket) {
    if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      return false;
    } catch (ConnectException nobody) {
      return true;
    } catch (IOException cannotTell) {
      return false;
    }
  }

  /** Removes the socket and its directory, as far as they are there. */
  void remove() {
    try {
      Files.deleteIfExists(socket);
      Files.deleteIfExists(socket.getParent());
    } catch (IOException leftBehind) {
      // Somebody else's file in there, or a read-only file system: nothing that the end can mend.
    }
  }
}
