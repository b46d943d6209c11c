package io.gaol.e2e;

import io.gaol.e2e.Command.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes roots for jails: a few of the host's programs, copied with the libraries they need. */
public final class SmallRoot {
  private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x");

  private SmallRoot() {}

  /** A root with these programs of the host, named by their paths, and nothing else. */
  public static Path make(Path root, String... programs) {
    try {
      Files.createDirectories(root);
      for (String program : programs) {
        copy(root, Path.of(program));
        Outcome libraries = Command.of(Path.of("/usr/bin/ldd"), program).run();
        Matcher matcher = LIBRARY.matcher(libraries.stdout());
        while (matcher.find()) {
          copy(root, Path.of(matcher.group(1)));
        }
      }
      return root;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A root with a shell and what a simple script uses. */
  public static Path withShell(Path root) {
    return make(
        root, "/bin/sh", "/bin/sleep", "/bin/ls", "/bin/cat", "/bin/id", "/bin/touch", "/bin/true");
  }

  private static void copy(Path root, Path file) throws IOException {
    Path target = root.resolve(Path.of("/").relativize(file));
    Files.createDirectories(target.getParent());
    Files.copy(
        file, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
  }
}
