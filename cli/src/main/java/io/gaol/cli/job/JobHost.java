package io.gaol.cli.job;

import io.gaol.engine.Platform;
import io.gaol.freebsd.FreeBsdPlatform;
import io.gaol.jail.FreeBsdRelease;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The host that jobs are for.
 *
 * @param platform that jails are made on
 * @param attributes what is known of it, by the names that Nomad's clients have: {@code node.*} and
 *     {@code attr.*}
 * @param recorded the release that is planned for, of which nothing can be asked; empty is the host
 *     that this program runs on
 */
public record JobHost(
    Platform platform, Map<String, String> attributes, Optional<FreeBsdRelease> recorded) {
  /** Copies. */
  public JobHost {
    Objects.requireNonNull(platform, "platform");
    Objects.requireNonNull(recorded, "recorded");
    attributes = Map.copyOf(attributes);
  }

  /** This host. */
  public static JobHost running(Platform platform) {
    return new JobHost(platform, HostAttributes.read(platform.name()), Optional.empty());
  }

  /**
   * A FreeBSD of a release as it comes, to plan for on any machine.
   *
   * @throws IllegalArgumentException if nothing is recorded of the release; the message says of
   *     which there is
   */
  public static JobHost recorded(FreeBsdRelease release) {
    return new JobHost(
        FreeBsdPlatform.recorded(release), HostAttributes.of(release), Optional.of(release));
  }
}
