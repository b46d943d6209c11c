package io.gaol.hcl.function;

import static io.gaol.hcl.function.Parameter.text;

import io.gaol.hcl.Function;
import io.gaol.hcl.FunctionException;
import io.gaol.hcl.Type;
import io.gaol.hcl.Types;
import io.gaol.hcl.Value;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * The functions of files and paths, by their names. Those that look at files do so only below one
 * directory; what leads out of it, also by a symbolic link, is refused.
 */
public final class FileFunctions {
  /** The longest file that is read, in bytes. */
  private static final int LONGEST_FILE = 16 * 1024 * 1024;

  /** The most files and directories that {@code fileset} looks at. */
  private static final int MOST_FILES = 100_000;

  private final Path directory;
  private final boolean isBounded;

  private FileFunctions(Path directory, boolean isBounded) {
    this.directory = directory.toAbsolutePath().normalize();
    this.isBounded = isBounded;
  }

  /** The functions for files below a directory, which relative paths begin from. */
  public static SequencedMap<String, Function> below(Path directory) {
    return new FileFunctions(directory, true).all();
  }

  /** The functions for all files there are; relative paths begin from a directory. */
  public static SequencedMap<String, Function> everywhere(Path directory) {
    return new FileFunctions(directory, false).all();
  }

  private SequencedMap<String, Function> all() {
    Map<String, Function> table = new TreeMap<>();
    Define.textToText(
        table,
        "abspath",
        "The path from the root of the file system.",
        path -> directory.resolve(path(path)).normalize().toString());
    Define.textToText(table, "basename", "The last part of a path.", FileFunctions::baseName);
    Define.textToText(
        table, "dirname", "The path without its last part.", FileFunctions::directoryName);
    Define.textToText(
        table,
        "pathexpand",
        "The path with the user's home directory for a tilde at its beginning.",
        FileFunctions::expanded);
    Define.textToText(
        table,
        "file",
        "The content of a file, which is text in UTF-8.",
        path -> EncodingFunctions.utf8(0, read(path)));
    Define.textToText(
        table,
        "filebase64",
        "The content of a file, in Base64.",
        path -> Base64.getEncoder().encodeToString(read(path)));
    Define.function(
        table,
        "fileexists",
        "Whether there is a file of this path.",
        Types.BOOL,
        List.of(text("path")),
        arguments -> Value.of(exists(arguments.text(0))));
    Define.function(
        table,
        "fileset",
        "The paths, from a directory, of the files there that match a pattern, in which * stands for"
            + " part of a name and ** for directories.",
        new Type.SetOf(Types.STRING),
        List.of(text("path"), text("pattern")),
        arguments -> matching(arguments.text(0), arguments.text(1)));
    return Collections.unmodifiableSequencedMap(new TreeMap<>(table));
  }

  private static Path path(String text) throws FunctionException {
    try {
      return Path.of(text);
    } catch (InvalidPathException _) {
      throw new FunctionException(0, "this is no path");
    }
  }

  private static String expanded(String path) throws FunctionException {
    if (path.equals("~") || path.startsWith("~/")) {
      return System.getProperty("user.home") + path.substring(1);
    }
    if (path.startsWith("~")) {
      throw new FunctionException(0, "another user's home directory cannot be found");
    }
    return path;
  }

  private static String baseName(String path) {
    if (path.isEmpty()) {
      return ".";
    }
    String name = path.replaceAll("/+$", "");
    return name.isEmpty() ? "/" : name.substring(name.lastIndexOf('/') + 1);
  }

  private static String directoryName(String path) throws FunctionException {
    int slash = path.lastIndexOf('/');
    if (slash < 0) {
      return ".";
    }
    String parent = path(path.substring(0, slash + 1)).normalize().toString();
    return parent.isEmpty() ? "." : parent;
  }

  /**
   * The real path of a file.
   *
   * @throws FunctionException if it leads out of the directory
   */
  private Path allowed(String text) throws FunctionException {
    Path path = directory.resolve(path(expanded(text))).normalize();
    requireBelow(path, directory);
    return path;
  }

  private void requireBelow(Path path, Path root) throws FunctionException {
    if (isBounded && !path.startsWith(root)) {
      throw new FunctionException(
          0,
          "%s may not be read: only files below %s can be; --allow-files permits all"
              .formatted(path, directory));
    }
  }

  /** Where all symbolic links lead, which must be below the directory too. */
  private Path real(Path path) throws FunctionException, IOException {
    Path real = path.toRealPath();
    requireBelow(real, directory.toRealPath());
    return real;
  }

  private byte[] read(String text) throws FunctionException {
    Path path = allowed(text);
    if (!Files.exists(path)) {
      throw new FunctionException(0, "there is no file " + path);
    }
    try {
      Path real = real(path);
      if (!Files.isRegularFile(real)) {
        throw new FunctionException(0, "%s is no regular file".formatted(path));
      }
      try (InputStream file = Files.newInputStream(real)) {
        byte[] content = file.readNBytes(LONGEST_FILE + 1);
        if (content.length > LONGEST_FILE) {
          throw new FunctionException(
              0, "%s is longer than %d bytes".formatted(path, LONGEST_FILE));
        }
        return content;
      }
    } catch (IOException e) {
      throw new FunctionException(0, "%s cannot be read: %s".formatted(path, e.getMessage()));
    }
  }

  private boolean exists(String text) throws FunctionException {
    Path path = allowed(text);
    if (!Files.exists(path)) {
      return false;
    }
    try {
      if (!Files.isRegularFile(real(path))) {
        throw new FunctionException(0, "%s is no regular file".formatted(path));
      }
      return true;
    } catch (IOException e) {
      throw new FunctionException(0, "%s cannot be looked at: %s".formatted(path, e.getMessage()));
    }
  }

  private Value matching(String text, String pattern) throws FunctionException {
    Path from = allowed(text);
    PathMatcher matcher = matcher(from, pattern);
    List<Value> found = new ArrayList<>();
    if (!Files.isDirectory(from)) {
      return new Value.SetOf(Types.STRING, found);
    }
    try {
      real(from);
      try (Stream<Path> paths = Files.walk(from)) {
        int looked = 0;
        for (Path path : (Iterable<Path>) paths::iterator) {
          if (++looked > MOST_FILES) {
            throw new FunctionException(
                0, "there are more than %d files in %s".formatted(MOST_FILES, from));
          }
          if (matcher.matches(path) && Files.isRegularFile(path)) {
            found.add(Value.of(from.relativize(path).toString()));
          }
        }
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      throw new FunctionException(0, "%s cannot be looked at: %s".formatted(from, e.getMessage()));
    }
    return new Value.SetOf(Types.STRING, found);
  }

  /** Two stars also stand for no directory at all. */
  private static PathMatcher matcher(Path from, String pattern) throws FunctionException {
    String start = from.toString().replaceAll("([\\\\*?{}\\[\\]])", "\\\\$1");
    try {
      PathMatcher whole = FileSystems.getDefault().getPathMatcher("glob:" + start + "/" + pattern);
      PathMatcher without =
          FileSystems.getDefault()
              .getPathMatcher("glob:" + start + "/" + pattern.replace("**/", ""));
      return path -> whole.matches(path) || without.matches(path);
    } catch (PatternSyntaxException e) {
      throw new FunctionException(1, "this is no pattern: " + e.getDescription());
    }
  }
}
