package io.gaol.cli.job;

import io.gaol.hcl.Hcl;
import io.gaol.hcl.HclException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Puts the white space of job files in order. */
public final class JobFormatter {
  /** The files that are taken from a folder. */
  private static final List<String> SUFFIXES = List.of(".nomad", ".hcl");

  private JobFormatter() {}

  /**
   * A file after formatting.
   *
   * @param name its name
   * @param changed whether it was not in order
   * @param text its text in order
   */
  public record Formatted(String name, boolean changed, String text) {}

  /**
   * The files that a name stands for: itself, or all job files in the folder.
   *
   * @throws JobException if there is no such file or folder
   */
  public static List<Path> files(Path path, boolean recursive) throws JobException {
    if (!Files.exists(path)) {
      throw new JobException("the file " + path + " does not exist");
    }
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> found = Files.walk(path, recursive ? Integer.MAX_VALUE : 1)) {
      return found
          .filter(file -> SUFFIXES.stream().anyMatch(file.getFileName().toString()::endsWith))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException | java.io.UncheckedIOException failure) {
      throw new JobException("the folder " + path + " cannot be read: " + failure.getMessage());
    }
  }

  /**
   * A text in order.
   *
   * @throws JobException if it is not HCL, with the places
   */
  public static Formatted format(String name, byte[] bytes) throws JobException {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      String formatted = Hcl.format(name, text);
      return new Formatted(name, !formatted.equals(text), formatted);
    } catch (CharacterCodingException notUtf8) {
      throw new JobException(name + ": the text is not UTF-8");
    } catch (HclException wrong) {
      throw JobException.of(wrong.diagnostics());
    }
  }

  /**
   * Formats a file.
   *
   * @throws JobException if it cannot be read, or is not HCL
   */
  public static Formatted format(Path file) throws JobException {
    try {
      return format(file.toString(), Files.readAllBytes(file));
    } catch (NoSuchFileException missing) {
      throw new JobException("the file " + file + " does not exist");
    } catch (AccessDeniedException denied) {
      throw new JobException("the file " + file + " cannot be read: permission denied");
    } catch (IOException failure) {
      throw new JobException("the file " + file + " cannot be read: " + failure.getMessage());
    }
  }

  /**
   * Writes a file anew: all of it or nothing, with the mode and owner that it has. What a symbolic
   * link points at is written, not the link.
   *
   * @throws JobException if it cannot be written; it is unchanged then
   */
  public static void write(Path file, String text) throws JobException {
    List<Path> made = new ArrayList<>();
    try {
      Path real = file.toRealPath();
      if (!Files.isWritable(real)) {
        throw new AccessDeniedException(real.toString());
      }
      PosixFileAttributes before = Files.readAttributes(real, PosixFileAttributes.class);
      Path next = unused(real);
      made.add(next);
      PosixFileAttributeView view = Files.getFileAttributeView(next, PosixFileAttributeView.class);
      if (!before.owner().equals(view.getOwner())) {
        view.setOwner(before.owner());
      }
      if (!before.group().equals(view.readAttributes().group())) {
        view.setGroup(before.group());
      }
      view.setPermissions(before.permissions());
      Files.writeString(next, text, StandardOpenOption.TRUNCATE_EXISTING);
      Files.move(next, real, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      made.clear();
    } catch (AccessDeniedException denied) {
      throw new JobException("the file " + file + " cannot be written: permission denied");
    } catch (IOException failure) {
      throw new JobException("the file " + file + " cannot be written: " + failure.getMessage());
    } finally {
      made.forEach(JobFormatter::remove);
    }
  }

  /** A new file beside another one, for its owner only. */
  private static Path unused(Path beside) throws IOException {
    for (int number = 0; ; number++) {
      Path candidate =
          beside.resolveSibling("." + beside.getFileName() + ".fmt" + (number == 0 ? "" : number));
      try {
        return Files.createFile(
            candidate,
            java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                java.nio.file.attribute.PosixFilePermissions.fromString("rw-------")));
      } catch (FileAlreadyExistsException taken) {
        if (number == 100) {
          throw taken;
        }
      }
    }
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // It stays, with a name that says what it was; the file itself is as it was.
    }
  }
}
