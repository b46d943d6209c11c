package io.gaol.cli.artifact;

import java.io.Serial;

/**
 * An artifact cannot be fetched. The message names it, without what may be secret in its source.
 */
public final class ArtifactException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /**
   * Of one artifact.
   *
   * @param source as it may be shown
   */
  ArtifactException(String source, String problem) {
    super("artifact " + source + ": " + problem);
  }
}
