package io.gaol.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.jail.BindMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootViewTest {
  @TempDir Path folder;
  private Path root;
  private Path outside;

  @BeforeEach
  void makeRoot() throws IOException {
    root = Files.createDirectories(folder.resolve("root"));
    outside = Files.createDirectories(folder.resolve("outside"));
    Files.createDirectories(root.resolve("usr/bin"));
    Files.createSymbolicLink(root.resolve("bin"), Path.of("usr/bin"));
    program(root.resolve("usr/bin/sh"));
    program(outside.resolve("tool"));
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(
        root.resolve("etc/passwd"),
        "root:x:0:0:root:/root:/bin/sh\nwww:x:80:81:web:/srv:/bin/false\nbroken\n");
    Files.writeString(root.resolve("etc/group"), "www:x:81:\nlogs:x:90:www,other\n");
  }

  private static void program(Path file) throws IOException {
    Files.writeString(file, "");
    Files.setAttribute(file, "unix:mode", 0755);
  }

  private RootView view(BindMount... mounts) {
    return new RootView(root, List.of(mounts));
  }

  @Test
  void aLinkInTheRootIsFollowedInTheRoot() throws IOException {
    Files.createSymbolicLink(root.resolve("shell"), Path.of("/bin/sh"));

    assertThat(view().find(Path.of("/shell"))).contains(root.resolve("usr/bin/sh"));
  }

  @Test
  void noLinkAndNoDotDotLeadsOutOfTheRoot() throws IOException {
    Files.createSymbolicLink(root.resolve("out"), outside);
    Files.createSymbolicLink(root.resolve("up"), Path.of("../../../../.."));

    assertThat(view().find(Path.of("/out/tool"))).isEmpty();
    assertThat(view().find(Path.of("/up"))).contains(root);
    assertThat(view().find(Path.of("/../../usr/bin/sh"))).contains(root.resolve("usr/bin/sh"));
  }

  @Test
  void aLoopOfLinksEnds() throws IOException {
    Files.createSymbolicLink(root.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(root.resolve("b"), Path.of("a"));

    assertThat(view().find(Path.of("/a"))).isEmpty();
  }

  @Test
  void aMountIsSeenWhereItWillBe() throws IOException {
    RootView view = view(new BindMount(outside, Path.of("/opt/tools"), true));

    assertThat(view.find(Path.of("/opt/tools/tool"))).contains(outside.resolve("tool"));
    assertThat(view.isProgram(Path.of("/opt/tools/tool"))).isTrue();
  }

  @Test
  void aFileWithoutExecuteBitsIsNoProgram() throws IOException {
    Files.setAttribute(root.resolve("usr/bin/sh"), "unix:mode", 0644);

    assertThat(view().isProgram(Path.of("/bin/sh"))).isFalse();
  }

  @Test
  void aUserIsFoundByNameInTheRootsOwnFiles() throws IOException {
    assertThat(JailUser.find(view()::lines, "www"))
        .contains(new JailUser("www", 80, 81, List.of(90), "/srv", "/bin/false"));
  }

  @Test
  void aNumberNeedsNoEntry() throws IOException {
    assertThat(JailUser.find(view()::lines, "4242"))
        .contains(new JailUser("4242", 4242, 4242, List.of(), "/", "/bin/sh"));
    assertThat(JailUser.find(view()::lines, "80").map(JailUser::name)).contains("www");
  }

  @Test
  void aGroupAfterAColonReplacesTheUsersOwn() throws IOException {
    assertThat(JailUser.find(view()::lines, "www:logs").map(JailUser::gid)).contains(90);
    assertThat(JailUser.find(view()::lines, "1000:7").map(JailUser::gid)).contains(7);
  }

  @Test
  void anUnknownUserOrGroupIsNone() throws IOException {
    assertThat(JailUser.find(view()::lines, "alice")).isEmpty();
    assertThat(JailUser.find(view()::lines, "www:nobody")).isEmpty();
  }

  @Test
  void aPasswdThatIsALinkOutOfTheRootIsNotRead() throws IOException {
    Files.writeString(outside.resolve("passwd"), "evil:x:0:0::/:/bin/sh\n");
    Files.delete(root.resolve("etc/passwd"));
    Files.createSymbolicLink(root.resolve("etc/passwd"), outside.resolve("passwd"));

    assertThat(JailUser.find(view()::lines, "evil")).isEqualTo(Optional.empty());
  }
}
