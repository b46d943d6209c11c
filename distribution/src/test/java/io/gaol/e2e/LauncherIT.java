package io.gaol.e2e;

import static io.gaol.e2e.Command.GAOL_HOME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.gaol.e2e.Command.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bin/gaol does before the program runs. */
class LauncherIT {
  private static final Path GAOL = GAOL_HOME.resolve("bin/gaol");
  private static final Path PLUGIN = GAOL_HOME.resolve("plugins/jail-task-driver");

  @TempDir private Path temporary;

  @Test
  void printsTheVersionAndNothingElse() {
    assertIsTheVersionAndNothingElse(Command.of(GAOL, "--version").run());
  }

  @Test
  void startsThroughASymbolicLinkInAFolderWithBlanks() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("a folder"));
    Path link = Files.createSymbolicLink(folder.resolve("my gaol"), GAOL);
    assertIsTheVersionAndNothingElse(
        Command.of(Path.of("./my gaol"), "--version").in(folder).run());
    assertIsTheVersionAndNothingElse(Command.of(link, "--version").run());
  }

  @Test
  void startsWhereItWasInstalledInAFolderWithBlanks() throws IOException {
    Path home = installIn(temporary.resolve("my programs"));
    assertIsTheVersionAndNothingElse(Command.of(home.resolve("bin/gaol"), "--version").run());
  }

  @Test
  void handsArgumentsOnAsTheyAre() throws IOException {
    Path java = fakeJava("26-ea", "for word; do echo \"[$word]\"; done");
    Outcome outcome = Command.of(GAOL, "a b", "", "*").with("JAVA_HOME", java).run();
    assertThat(outcome.stdout().lines().toList()).endsWith("[a b]", "[]", "[*]");
  }

  @Test
  void handsTheExitStatusOn() throws IOException {
    Path java = fakeJava("25", "exit 42");
    assertThat(Command.of(GAOL).with("JAVA_HOME", java).run().status()).isEqualTo(42);
  }

  @Test
  void passesAJavaOverThatIsTooOld() throws IOException {
    Path java = fakeJava("17.0.15", "echo too old");
    assertIsTheVersionAndNothingElse(Command.of(GAOL, "--version").with("JAVA_HOME", java).run());
  }

  @Test
  void usesTheStartUpCache() throws IOException {
    Path log = temporary.resolve("classes");
    Path java = javaThatListsClasses(log, "-jar");
    Command.of(GAOL, "--version").with("JAVA_HOME", java).run();
    // The library too: as it is published, it could not be in a cache.
    assertThat(Files.readAllLines(log))
        .filteredOn(line -> line.matches(".* (io.gaol.cli.Main|picocli.CommandLine) .*"))
        .hasSize(2)
        .allMatch(line -> line.endsWith("source: shared objects file"));
  }

  @Test
  void aStartUpCacheOfOtherJarsIsNotUsedAndIsNoNews() throws IOException {
    Path home = installIn(temporary.resolve("updated"));
    makeJarsOlder(home);
    assertIsTheVersionAndNothingElse(Command.of(home.resolve("bin/gaol"), "--version").run());
  }

  @Test
  void afterAnUpdateOfTheSameSizeAndTimeTheNewProgramRunsAndNotThatInTheCache() throws IOException {
    Path home = installIn(temporary.resolve("update"));
    Path jar;
    try (Stream<Path> files = Files.list(home.resolve("lib"))) {
      jar =
          files
              .filter(file -> file.getFileName().toString().startsWith("cli-"))
              .findFirst()
              .orElseThrow();
    }
    // Our builds give all files this one time.
    FileTime built = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
    replaceInMain(jar, "gaol 0.1.0", "gaol 0.1.1", built);
    assertThat(Command.of(home.resolve("lib/make-start-up-cache.sh")).run().status()).isZero();
    assertThat(Command.of(home.resolve("bin/gaol"), "--version").run().stdout())
        .startsWith("gaol 0.1.1");
    long size = Files.size(jar);

    replaceInMain(jar, "gaol 0.1.1", "gaol 9.9.9", built);

    assertThat(jar).hasSize(size);
    Outcome outcome = Command.of(home.resolve("bin/gaol"), "--version").run();
    assertThat(outcome.stdout()).startsWith("gaol 9.9.9");
    assertThat(outcome.stderr()).isEmpty();
  }

  private static void replaceInMain(Path jar, String old, String young, FileTime time)
      throws IOException {
    try (FileSystem files = FileSystems.newFileSystem(jar, Map.of("noCompression", true))) {
      Path file = files.getPath("io/gaol/cli/Main.class");
      String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
      assertThat(bytes).contains(old);
      Files.writeString(file, bytes.replace(old, young), StandardCharsets.ISO_8859_1);
    }
    Files.setLastModifiedTime(jar, time);
  }

  @Test
  void twoThatMakeTheCacheAtOnceBothMakeAWholeOneAndLeaveNothingElse() throws Exception {
    Path home = installIn(temporary.resolve("both"));
    Path script = home.resolve("lib/make-start-up-cache.sh");
    Process one = new ProcessBuilder(script.toString()).inheritIO().start();
    assertThat(Command.of(script).run().status()).isZero();
    assertThat(one.waitFor()).isZero();

    try (Stream<Path> files = Files.list(home.resolve("lib"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.startsWith("gaol.jsa"))
          .containsExactly("gaol.jsa");
    }
    assertThat(Files.size(home.resolve("lib/gaol.jsa")))
        .isCloseTo(Files.size(GAOL_HOME.resolve("lib/gaol.jsa")), withinPercentage(10));
  }

  @Test
  void aBrokenStartUpCacheIsNoNews() throws IOException {
    Path home = installIn(temporary.resolve("broken"));
    Files.writeString(home.resolve("lib/gaol.jsa"), "broken");
    assertIsTheVersionAndNothingElse(Command.of(home.resolve("bin/gaol"), "--version").run());
  }

  // ---- plugins

  @Test
  void aPluginSaysWhatItIsToWhoStartsItByHand() {
    assertIsThePlugin(Command.of(PLUGIN).run());
  }

  @Test
  void aPluginStartsThroughASymbolicLinkInAPluginDirectoryWithBlanks() throws IOException {
    Path directory = Files.createDirectory(temporary.resolve("nomad plugins"));
    Path link = Files.createSymbolicLink(directory.resolve("jail-task-driver"), PLUGIN);
    assertIsThePlugin(Command.of(link).run());
    assertIsThePlugin(Command.of(Path.of("./jail-task-driver")).in(directory).run());
  }

  @Test
  void aCopyOfAPluginFindsWhereItWasInstalled() throws IOException {
    Path directory = Files.createDirectories(temporary.resolve("copies/plugins"));
    Path copy = Files.copy(PLUGIN, directory.resolve("jail-task-driver"));
    assertIsThePlugin(Command.of(copy).run());
  }

  @Test
  void aCopyOfAPluginWhoseGaolWasMovedFindsItByTheEnvironmentOrByGaolOnThePath()
      throws IOException {
    Path home = installIn(temporary.resolve("moved here"));
    Path copy = orphan();
    assertIsThePlugin(Command.of(copy).with("GAOL_HOME", home).run());
    Path bin = Files.createDirectory(temporary.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("gaol"), home.resolve("bin/gaol"));
    String path = bin + ":" + System.getenv("PATH");
    assertIsThePlugin(Command.of(copy).with("PATH", path).run());
  }

  @Test
  void aCopyOfAPluginWithoutItsGaolSaysWhatToDo() throws IOException {
    Outcome outcome = Command.of(orphan()).with("PATH", "/usr/bin:/bin").run();
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.stderr())
        .contains("does not find the Gaol that it belongs to: put a symbolic link to")
        .contains("or set GAOL_HOME for the agent");
  }

  /** A copy of the plugin that was installed in a place that is not there any more. */
  private Path orphan() throws IOException {
    Path directory = Files.createDirectories(temporary.resolve("orphan/plugins"));
    Path copy = Files.copy(PLUGIN, directory.resolve("jail-task-driver"));
    String text = Files.readString(copy);
    assertThat(text).containsPattern("(?m)^installed='.+'$");
    Files.writeString(copy, text.replaceFirst("(?m)^installed=.*$", "installed=/nowhere"));
    return copy;
  }

  @Test
  void aPluginBecomesJavaSoThatWhoEndsItsProcessEndsThePlugin() throws IOException {
    Path java = fakeJava("25", "echo $$ $PPID");
    String shell = "'" + PLUGIN + "' & echo $!; wait";
    Outcome outcome = Command.of(Path.of("/bin/sh"), "-c", shell).with("JAVA_HOME", java).run();
    List<String> lines = outcome.stdout().lines().sorted().toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(1)).startsWith(lines.get(0) + " ");
  }

  @Test
  void aPluginUsesItsStartUpCache() throws IOException {
    Path log = temporary.resolve("classes");
    Path java = javaThatListsClasses(log, "-cp");
    assertIsThePlugin(Command.of(PLUGIN).with("JAVA_HOME", java).run());
    assertThat(Files.readAllLines(log))
        .filteredOn(line -> line.matches(".* io.gaol.(driver.plugin.Main|goplugin.GoPlugin) .*"))
        .hasSize(2)
        .allMatch(line -> line.endsWith("source: shared objects file"));
  }

  @Test
  void aStartUpCacheOfOtherJarsIsNotUsedByAPluginAndIsNoNews() throws IOException {
    Path home = installIn(temporary.resolve("updated plugin"));
    makeJarsOlder(home);
    assertIsThePlugin(Command.of(home.resolve("plugins/jail-task-driver")).run());
    Files.writeString(home.resolve("lib/jail-task-driver.jsa"), "broken");
    assertIsThePlugin(Command.of(home.resolve("plugins/jail-task-driver")).run());
  }

  private static void assertIsThePlugin(Outcome outcome) {
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.stderr().lines().toList())
        .hasSize(3)
        .first()
        .isEqualTo("This program is a plugin: another program starts it, and talks to it.");
    assertThat(outcome.stderr()).contains("put it into the plugin_dir of a Nomad agent");
    assertThat(outcome.status()).isEqualTo(1);
  }

  private static void assertIsTheVersionAndNothingElse(Outcome outcome) {
    assertThat(outcome.stderr()).isEmpty();
    assertThat(outcome.stdout().lines().toList())
        .singleElement()
        .asString()
        .startsWith("gaol 0.1.0");
    assertThat(outcome.status()).isZero();
  }

  /**
   * Java, with its list of the classes that it loads switched on.
   *
   * @param option of the launcher, behind those that switch Java's own log off
   */
  private Path javaThatListsClasses(Path log, String option) throws IOException {
    return fakeJava(
        "25",
        """
        for word; do
          shift
          [ "$word" != %s ] || set -- "$@" '-Xlog:class+load:file=%s'
          set -- "$@" "$word"
        done
        exec '%s/bin/java' "$@"
        """
            .formatted(option, log, System.getProperty("java.home")));
  }

  private Path fakeJava(String version, String script) throws IOException {
    Path home = Files.createDirectories(temporary.resolve("jdk " + version));
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    Path java = Files.createDirectory(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    return home;
  }

  /** So that they are not those of the start-up caches. */
  private static void makeJarsOlder(Path home) throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("lib"))) {
      for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).toList()) {
        Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));
      }
    }
  }

  private static Path installIn(Path target) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(GAOL_HOME)) {
      all = files.toList();
    }
    for (Path file : all) {
      Files.copy(
          file, target.resolve(GAOL_HOME.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
    }
    return target;
  }
}
