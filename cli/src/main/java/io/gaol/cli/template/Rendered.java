package io.gaol.cli.template;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Set;

/** What became of a template. */
public final class Rendered {
  private final String bytes;
  private final Set<Path> filesRead;

  Rendered(String bytes, Set<Path> filesRead) {
    this.bytes = requireNonNull(bytes, "bytes");
    this.filesRead = Set.copyOf(filesRead);
  }

  /** The bytes to write: a template can make ones that are no text. */
  public byte[] bytes() {
    return ByteText.raw(bytes);
  }

  /** The text that the bytes are in UTF-8. */
  public String text() {
    return ByteText.text(bytes);
  }

  /** The files of this host that the text was made of. */
  public Set<Path> filesRead() {
    return filesRead;
  }

  @Override
  public String toString() {
    return text();
  }
}
