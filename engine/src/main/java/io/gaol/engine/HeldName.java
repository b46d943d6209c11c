package io.gaol.engine;

import java.io.IOException;
import java.util.Objects;

/** A name in the store that this program holds, and nobody else: {@link TaskEngine#hold}. */
public final class HeldName implements AutoCloseable {
  private final TaskDirectory directory;

  HeldName(TaskDirectory directory) {
    this.directory = Objects.requireNonNull(directory, "directory");
  }

  /** Gives it up: it can be taken again. */
  @Override
  public void close() throws IOException {
    directory.delete();
  }
}
