package io.gaol.cli.artifact;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * Nomad's {@code artifact} block, its references already answered.
 *
 * @param source an absolute path, a path within the job file's folder, or a URL of {@code file},
 *     {@code http} or {@code https}; {@code //} separates a directory within an archive
 * @param destination as the task's paths are written: {@code local/}, {@code /local/x}, {@code
 *     alloc/data}
 * @param mode what the source is taken for
 * @param options go-getter's {@code archive}, {@code checksum} and {@code filename}; any other is a
 *     query parameter of the URL. They go before those in the source
 * @param headers of each HTTP request to the source's own server
 * @param chown whether what is fetched becomes the task's user's
 * @param insecure whether a server need not prove who it is (TLS)
 */
public record Artifact(
    String source,
    String destination,
    Mode mode,
    Map<String, String> options,
    Map<String, String> headers,
    boolean chown,
    boolean insecure) {
  /** What a source is taken for. */
  public enum Mode {
    /** An archive is unpacked into the destination, a file or a directory is put there. */
    ANY,
    /** One file, unpacked if it is packed: the destination is its name. */
    FILE,
    /** A directory, or an archive of one: its contents go into the destination. */
    DIR
  }

  /** Copies the maps. */
  public Artifact {
    requireNonNull(source, "source");
    requireNonNull(destination, "destination");
    requireNonNull(mode, "mode");
    options = Map.copyOf(options);
    headers = Map.copyOf(headers);
  }

  /** Without what may be secret: headers, passwords and the values of a query. */
  @Override
  public String toString() {
    return "artifact " + Shown.source(source) + " to " + destination;
  }
}
