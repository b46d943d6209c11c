package io.gaol.jail;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A file or directory of the host that a task sees: a volume, or one of Nomad's directories. On
 * FreeBSD a nullfs(5) mount, on Linux a bind mount.
 *
 * @param source on the host, absolute
 * @param target in the jail, absolute
 * @param readOnly whether the task may not write there
 */
public record BindMount(Path source, Path target, boolean readOnly) {
  /** Checks. */
  public BindMount {
    requireAbsolute(source);
    requireAbsolute(target);
  }

  private static void requireAbsolute(Path path) {
    if (!Objects.requireNonNull(path, "path").isAbsolute()) {
      throw new IllegalArgumentException("a mount needs absolute paths, but got \"" + path + "\"");
    }
  }
}
