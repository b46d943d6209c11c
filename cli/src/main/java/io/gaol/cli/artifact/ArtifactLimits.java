package io.gaol.cli.artifact;

import java.time.Duration;

/**
 * How much an artifact may take.
 *
 * @param downloadBytes of one response
 * @param unpackedBytes of all files together
 * @param entries files, directories and links together
 * @param connect for a connection to come about
 * @param silence while nothing comes from the server
 * @param download for a whole download
 */
public record ArtifactLimits(
    long downloadBytes,
    long unpackedBytes,
    int entries,
    Duration connect,
    Duration silence,
    Duration download) {
  private static final long HUNDRED_GB = 100_000_000_000L;

  /**
   * A Nomad agent's defaults: 100 GB, 4096 entries, 30 minutes (nomad/structs/config/artifact.go),
   * and 30 s to connect. Nomad waits for a silent server as long as for a busy one; here it is
   * given up after two minutes.
   */
  public static final ArtifactLimits NOMAD =
      new ArtifactLimits(
          HUNDRED_GB,
          HUNDRED_GB,
          4096,
          Duration.ofSeconds(30),
          Duration.ofMinutes(2),
          Duration.ofMinutes(30));
}
