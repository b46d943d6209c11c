package io.gaol.hcl.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gaol.hcl.Function;
import io.gaol.hcl.FunctionException;
import io.gaol.hcl.Type;
import io.gaol.hcl.Types;
import io.gaol.hcl.Value;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files can be read below one directory, and paths be taken apart. */
final class FileFunctionsTest {
  @TempDir private Path temporary;
  private Path directory;
  private Map<String, Function> functions;

  @BeforeEach
  void files() throws IOException {
    directory = Files.createDirectories(temporary.resolve("job"));
    Files.createDirectories(directory.resolve("conf/deep"));
    Files.writeString(directory.resolve("a.txt"), "hällo\n");
    Files.writeString(directory.resolve("conf/b.txt"), "b");
    Files.writeString(directory.resolve("conf/deep/c.txt"), "c");
    Files.write(directory.resolve("binary"), new byte[] {(byte) 0xFF, 0});
    Files.writeString(temporary.resolve("secret"), "secret");
    functions = FileFunctions.below(directory);
  }

  private Value call(String name, String... arguments) throws FunctionException {
    return functions.get(name).call(List.of(arguments).stream().map(Value::of).toList());
  }

  private void assertRefused(String message, String name, String... arguments) {
    assertThatExceptionOfType(FunctionException.class)
        .isThrownBy(() -> call(name, arguments))
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.txt", "./a.txt", "conf/../a.txt"})
  void aFileIsReadFromTheDirectoryOn(String path) throws FunctionException {
    assertThat(call("file", path)).isEqualTo(Value.of("hällo\n"));
  }

  @Test
  void aFileCanBeNamedFromTheRootOn() throws FunctionException {
    assertThat(call("file", directory.resolve("conf/b.txt").toString())).isEqualTo(Value.of("b"));
  }

  @Test
  void whatIsNoTextCanBeHadInBase64() throws FunctionException {
    assertThat(call("filebase64", "binary")).isEqualTo(Value.of("/wA="));
    assertRefused("not text in UTF-8", "file", "binary");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "filebase64", "fileexists"})
  void whatIsOutsideIsRefusedAndTheMessageNamesTheOption(String name) {
    assertRefused("--allow-files permits all", name, "../secret");
    assertRefused("--allow-files permits all", name, "/etc/passwd");
    assertRefused("--allow-files permits all", name, "conf/../../secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "filebase64", "fileexists"})
  void aSymbolicLinkDoesNotLeadOut(String name) throws IOException {
    Files.createSymbolicLink(directory.resolve("link"), temporary.resolve("secret"));
    Files.createSymbolicLink(directory.resolve("dir"), temporary);
    assertRefused("may not be read", name, "link");
    assertRefused("may not be read", name, "dir/secret");
  }

  @Test
  void aSymbolicLinkWithinTheDirectoryIsFollowed() throws IOException, FunctionException {
    Files.createSymbolicLink(directory.resolve("link"), directory.resolve("conf/b.txt"));
    assertThat(call("file", "link")).isEqualTo(Value.of("b"));
  }

  @Test
  void allFilesCanBeReadWhereThatIsPermitted() throws FunctionException {
    functions = FileFunctions.everywhere(directory);
    assertThat(call("file", "../secret")).isEqualTo(Value.of("secret"));
  }

  @Test
  void whatIsNotThereOrNoFileIsNamed() throws FunctionException {
    assertRefused("there is no file", "file", "nope");
    assertRefused("no regular file", "file", "conf");
    assertRefused("no regular file", "fileexists", "conf");
    assertThat(call("fileexists", "nope")).isEqualTo(Value.of(false));
    assertThat(call("fileexists", "a.txt")).isEqualTo(Value.of(true));
  }

  @Test
  void aFileThatIsTooLongIsNotRead() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(directory.resolve("big").toFile(), "rw")) {
      file.setLength(16 * 1024 * 1024 + 1);
    }
    assertRefused("is longer than 16777216 bytes", "file", "big");
  }

  @ParameterizedTest
  @CsvSource({
    "., *.txt, a.txt",
    "., **/*.txt, a.txt conf/b.txt conf/deep/c.txt",
    "conf, *, b.txt",
    "conf, **, b.txt deep/c.txt",
    "., conf/*.txt, conf/b.txt",
    "nope, *, ''"
  })
  void filesAreFoundByAPattern(String path, String pattern, String expected)
      throws FunctionException {
    List<Value> found = ((Value.SetOf) call("fileset", path, pattern)).elements();
    assertThat(found)
        .isEqualTo(
            List.of(expected.split(" ")).stream()
                .filter(name -> !name.isEmpty())
                .map(Value::of)
                .toList());
  }

  @Test
  void aSetOfFilesIsOneOfStringsAndItsPatternIsChecked() throws FunctionException {
    assertThat(call("fileset", "nope", "*").type()).isEqualTo(new Type.SetOf(Types.STRING));
    assertRefused("this is no pattern", "fileset", ".", "[");
    assertRefused("may not be read", "fileset", "..", "*");
  }

  @ParameterizedTest
  @CsvSource({
    "basename, /a/b.txt, b.txt",
    "basename, /a/b/, b",
    "basename, '', .",
    "basename, /, /",
    "dirname, /a/b.txt, /a",
    "dirname, a, .",
    "dirname, /a, /",
    "dirname, a/b/, a/b",
    "dirname, a//b/../c, a",
    "dirname, '', .",
    "abspath, /a/../b/./c, /b/c",
    "pathexpand, /a, /a"
  })
  void pathsAreTakenApart(String name, String path, String expected) throws FunctionException {
    assertThat(call(name, path)).isEqualTo(Value.of(expected));
  }

  @Test
  void aTildeIsTheHomeDirectoryAndARelativePathBeginsAtTheDirectory() throws FunctionException {
    assertThat(call("pathexpand", "~/x"))
        .isEqualTo(Value.of(System.getProperty("user.home") + "/x"));
    assertThat(call("abspath", "x")).isEqualTo(Value.of(directory.resolve("x").toString()));
    assertRefused("another user", "pathexpand", "~root/x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "abspath",
        "basename",
        "dirname",
        "file",
        "filebase64",
        "fileexists",
        "pathexpand"
      })
  void aPathIsNeeded(String name) {
    assertRefused("2 arguments are too many", name, "a", "b");
    assertThatExceptionOfType(FunctionException.class)
        .isThrownBy(() -> functions.get(name).call(List.of(Value.ofNull())))
        .withMessageContaining("must not be null");
  }
}
