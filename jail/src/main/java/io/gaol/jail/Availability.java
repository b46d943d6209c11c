package io.gaol.jail;

import java.util.List;
import java.util.Optional;

/**
 * Which releases of FreeBSD know a parameter: each release from {@code first} on, and those of
 * older branches that got it later.
 *
 * @param first the first of the newest branch; a parameter older than the oldest release that Gaol
 *     runs on (12.0) may bear any release before it
 * @param branches of older branches, the first that has it
 * @param module the kernel module that brings it; empty if the kernel itself does
 */
public record Availability(
    FreeBsdRelease first, List<FreeBsdRelease> branches, Optional<String> module) {
  /** Checks and copies. */
  public Availability {
    branches = List.copyOf(branches);
    for (FreeBsdRelease branch : branches) {
      if (branch.major() >= first.major()) {
        throw new IllegalArgumentException(branch + " is no release of a branch before " + first);
      }
    }
  }

  /** Reads the releases, the newest branch's first. */
  static Availability since(String first, String... branches) {
    return new Availability(
        release(first),
        List.of(branches).stream().map(Availability::release).toList(),
        Optional.empty());
  }

  Availability inModule(String name) {
    return new Availability(first, branches, Optional.of(name));
  }

  private static FreeBsdRelease release(String text) {
    return FreeBsdRelease.parse(text).orElseThrow();
  }

  /** Whether a release knows the parameter, once its module is loaded. */
  public boolean in(FreeBsdRelease release) {
    return release.compareTo(first) >= 0
        || branches.stream()
            .anyMatch(
                branch -> branch.major() == release.major() && release.compareTo(branch) >= 0);
  }

  /** As a person says it: {@code 15.0, and 14.4}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(first.toString());
    branches.forEach(branch -> text.append(", and ").append(branch));
    module.ifPresent(name -> text.append(" (module ").append(name).append(")"));
    return text.toString();
  }
}
