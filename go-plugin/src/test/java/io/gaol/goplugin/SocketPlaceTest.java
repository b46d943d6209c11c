package io.gaol.goplugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketPlaceTest {
  private static final String LONG_NAME = "a-name-that-is-rather-long-for-a-directory-".repeat(3);

  @TempDir Path directory;

  @Test
  void theDirectoryIsFreshAndItsOwnersAlone() throws IOException {
    SocketPlace place = make(Map.of("TMPDIR", directory.toString()));

    assertThat(place.socket().getParent().getParent()).isEqualTo(directory);
    assertThat(permissions(place.socket().getParent())).isEqualTo("rwx------");
    assertThat(make(Map.of("TMPDIR", directory.toString())).socket()).isNotEqualTo(place.socket());
  }

  @Test
  void theDirectoryThatTheHostNamedIsPreferred() throws IOException {
    Path named = Files.createDirectory(directory.resolve("named"));

    SocketPlace place =
        make(Map.of("TMPDIR", directory.toString(), "PLUGIN_UNIX_SOCKET_DIR", named.toString()));

    assertThat(place.socket()).startsWithRaw(named);
  }

  @Test
  void aTmpdirTooLongForASocketIsPassedOver() throws IOException {
    Path far = Files.createDirectory(directory.resolve(LONG_NAME));

    SocketPlace place = make(Map.of("TMPDIR", far.toString()));

    try {
      assertThat(place.socket()).startsWithRaw(Path.of("/tmp/"));
      assertThat(place.socket().toString().length()).isLessThan(104);
      assertThat(far).isEmptyDirectory();
    } finally {
      place.remove();
    }
  }

  @Test
  void aTmpdirThatIsNotThereIsPassedOver() throws IOException {
    SocketPlace place = make(Map.of("TMPDIR", directory.resolve("missing").toString()));

    assertThat(place.socket()).startsWithRaw(Path.of("/tmp/"));
    place.remove();
    assertThat(place.socket().getParent()).doesNotExist();
  }

  @Test
  void withoutAnyDirectoryTheSocketIsInTmp() throws IOException {
    SocketPlace place = make(Map.of());

    assertThat(place.socket().getParent().getParent()).isEqualTo(Path.of("/tmp"));
    place.remove();
  }

  @Test
  void aDirectoryOfTheHostTooLongForASocketIsRefusedByName() throws IOException {
    Path far = Files.createDirectory(directory.resolve(LONG_NAME));

    assertThatThrownBy(() -> make(Map.of("PLUGIN_UNIX_SOCKET_DIR", far.toString())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("PLUGIN_UNIX_SOCKET_DIR")
        .hasMessageContaining("103");
    assertThat(far).isEmptyDirectory();
  }

  @Test
  void aDirectoryOfTheHostThatIsNotThereIsRefusedByName() {
    Path missing = directory.resolve("missing");

    assertThatThrownBy(() -> make(Map.of("PLUGIN_UNIX_SOCKET_DIR", missing.toString())))
        .hasMessageContaining("PLUGIN_UNIX_SOCKET_DIR")
        .hasMessageContaining(missing.toString());
  }

  @Test
  void aDirectoryThatTheHandshakeCannotTellIsRefused() throws IOException {
    Path odd = Files.createDirectory(directory.resolve("a|b"));

    assertThatThrownBy(() -> make(Map.of("PLUGIN_UNIX_SOCKET_DIR", odd.toString())))
        .hasMessageContaining("cannot be told");
  }

  @Test
  void aGroupByNumberMayEnterAndConnectAndNobodyElse() throws IOException {
    int group = (Integer) Files.getAttribute(directory, "unix:gid");
    SocketPlace place = makeFor(Integer.toString(group));

    place.share();

    assertThat(permissions(place.socket())).isEqualTo("rw-rw----");
    assertThat(permissions(place.socket().getParent())).isEqualTo("rwx--x---");
    assertThat(Files.getAttribute(place.socket(), "unix:gid")).isEqualTo(group);
    assertThat(Files.getAttribute(place.socket().getParent(), "unix:gid")).isEqualTo(group);
  }

  @Test
  void aGroupByNameIsLookedUp() throws IOException {
    String name = Files.readAttributes(directory, PosixFileAttributes.class).group().getName();
    SocketPlace place = makeFor(name);

    place.share();

    assertThat(permissions(place.socket())).isEqualTo("rw-rw----");
  }

  @Test
  void aGroupThatDoesNotExistIsRefusedByName() throws IOException {
    SocketPlace place = makeFor("no-such-group");

    assertThatThrownBy(place::share)
        .hasMessageContaining("no-such-group")
        .hasMessageContaining("PLUGIN_UNIX_SOCKET_GROUP");
  }

  @Test
  void closingAListenerRemovesItsSocketAndDirectory() throws IOException {
    UnixListener listener =
        UnixListener.at(make(Map.of("PLUGIN_UNIX_SOCKET_DIR", directory.toString())));
    assertThat(listener.path()).exists();

    listener.close();

    assertThat(directory).isEmptyDirectory();
  }

  private SocketPlace makeFor(String group) throws IOException {
    SocketPlace place =
        make(
            Map.of(
                "PLUGIN_UNIX_SOCKET_DIR", directory.toString(), "PLUGIN_UNIX_SOCKET_GROUP", group));
    Files.createFile(place.socket());
    return place;
  }

  private static SocketPlace make(Map<String, String> environment) throws IOException {
    return SocketPlace.make(Request.of(environment));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void whatPluginsLeftThatWereKilledIsRemovedAndNothingElse() throws IOException {
    Path dead = left("plugin1-a");
    Path young = left("plugin2-b");
    Files.setLastModifiedTime(young, FileTime.from(Instant.now()));
    Path other = left("plugin3-c");
    Files.createFile(other.resolve("file"));
    old(other);
    Path without = Files.createDirectory(directory.resolve("plugin4-d"));
    old(without);
    Path named = left("plugins-of-mine");
    try (ServerSocketChannel living = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      Path alive = Files.createDirectory(directory.resolve("plugin5-e"));
      living.bind(UnixDomainSocketAddress.of(alive.resolve("socket")));
      old(alive);

      SocketPlace place = make(Map.of("TMPDIR", directory.toString()));
      place.removeThoseOfTheDead();

      assertThat(dead).doesNotExist();
      assertThat(other).isDirectoryContaining("glob:**file");
      assertThat(place.socket().getParent()).isDirectory();
      assertThat(List.of(young, without, named)).allSatisfy(path -> assertThat(path).exists());
      assertThat(alive.resolve("socket")).exists();
    }
  }

  /** A directory with a socket that nobody listens on, of an hour ago. */
  private Path left(String name) throws IOException {
    Path place = Files.createDirectory(directory.resolve(name));
    try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(place.resolve("socket")));
    }
    assertThat(place.resolve("socket")).exists();
    return old(place);
  }

  private static Path old(Path path) throws IOException {
    return Files.setLastModifiedTime(path, FileTime.from(Instant.now().minusSeconds(3600)));
  }
}
