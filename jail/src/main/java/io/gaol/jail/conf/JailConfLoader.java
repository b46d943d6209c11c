package io.gaol.jail.conf;

import java.io.Serial;
import java.util.List;

/** Gives the files that {@code .include} names. */
@FunctionalInterface
public interface JailConfLoader {
  /** Knows no files. */
  JailConfLoader NONE =
      _ -> {
        throw new UnreadableException("files cannot be included here");
      };

  /**
   * The files that a path or a glob(3) pattern means, in the order of their names.
   *
   * @param pattern absolute, or relative to where the program runs
   * @return empty if there is no such file
   * @throws UnreadableException if there is one that cannot be read
   */
  List<JailConfSource> load(String pattern) throws UnreadableException;

  /** A file cannot be read. The message says which, and why. */
  final class UnreadableException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    /** With the reason. */
    public UnreadableException(String message) {
      super(message);
    }
  }
}
