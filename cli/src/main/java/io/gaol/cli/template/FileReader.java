package io.gaol.cli.template;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;

/** Reads files for templates. */
@FunctionalInterface
public interface FileReader {
  /** A file's content, and which file of this host it was. */
  final class Content {
    private final Path file;
    private final byte[] bytes;

    /** The bytes are kept as they are, not copied. */
    public Content(Path file, byte[] bytes) {
      this.file = requireNonNull(file, "file");
      this.bytes = requireNonNull(bytes, "bytes");
    }

    /** The file of this host. */
    public Path file() {
      return file;
    }

    /** What it holds. */
    public byte[] bytes() {
      return bytes;
    }
  }

  /**
   * Reads a file.
   *
   * @param path as the template says it
   * @throws IOException if it cannot or must not be read; the message says why in one clause
   */
  Content read(String path) throws IOException;
}
