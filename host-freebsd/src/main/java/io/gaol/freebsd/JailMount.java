package io.gaol.freebsd;

import io.gaol.jail.BindMount;
import io.gaol.jail.FstabLine;
import io.gaol.jail.InvalidValueException;
import io.gaol.jail.JailParameters;
import io.gaol.jail.JailSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A file system that is mounted for a jail before it is there: mount(8)'s words.
 *
 * @param type such as {@code nullfs}
 * @param source what is mounted
 * @param target on the host, below the jail's root
 * @param options of mount(8)
 */
record JailMount(String type, String source, Path target, List<String> options) {
  /** What mount.devfs mounts with when the jail has no ruleset: jail(8). */
  static final int DEFAULT_RULESET = 4;

  JailMount {
    options = List.copyOf(options);
  }

  /** Where FreeBSD has rtld(1), without which none of its own programs runs. */
  static final Path LIBEXEC = Path.of("/libexec");

  /**
   * The mounts of a jail, in jail(8)'s order: what the task sees of the host first, then {@code
   * mount} and {@code mount.fstab}, devfs, fdescfs and procfs.
   *
   * @param fstab the lines of {@code mount.fstab}
   * @param system directories of the host that are there, for a jail with the host's system
   * @param problems gets what cannot be mounted
   */
  static List<JailMount> of(
      JailSpec spec, Path root, List<FstabLine> fstab, List<Path> system, List<String> problems) {
    List<JailMount> mounts = new ArrayList<>();
    for (Path directory : system) {
      mounts.add(
          new JailMount(
              "nullfs", directory.toString(), below(root, directory), List.of("ro", "nosuid")));
    }
    for (BindMount mount : spec.mounts()) {
      mounts.add(
          new JailMount(
              "nullfs",
              mount.source().toString(),
              below(root, mount.target()),
              mount.readOnly() ? List.of("ro") : List.of()));
    }
    if (spec.root() instanceof JailSpec.Root.HostSystem host) {
      for (String hidden : host.hidden()) {
        mounts.add(
            new JailMount(
                "tmpfs", "tmpfs", root.resolve(hidden), List.of("ro", "size=4096", "mode=000")));
      }
    }
    JailParameters parameters = spec.parameters();
    for (String value : parameters.values("mount")) {
      try {
        mounts.add(of(FstabLine.parse(value).in(spec.root())));
      } catch (InvalidValueException wrong) {
        wrong.problems().forEach(problem -> problems.add("mount: " + problem));
      }
    }
    fstab.forEach(line -> mounts.add(of(line.in(spec.root()))));
    boolean hostSystem = spec.root() instanceof JailSpec.Root.HostSystem;
    if (parameters.flag("mount.devfs").orElse(hostSystem)) {
      mounts.add(
          new JailMount(
              "devfs", "devfs", root.resolve("dev"), List.of("ruleset=" + ruleset(parameters))));
    }
    if (parameters.flag("mount.fdescfs").orElse(false)) {
      mounts.add(new JailMount("fdescfs", "fdescfs", root.resolve("dev/fd"), List.of()));
    }
    if (parameters.flag("mount.procfs").orElse(false)) {
      mounts.add(new JailMount("procfs", "procfs", root.resolve("proc"), List.of()));
    }
    return mounts;
  }

  /**
   * The ruleset that a devfs(5) is mounted with; empty for any other, and for one with 0 or
   * without, which shows every device.
   */
  OptionalInt ruleset() {
    return type.equals("devfs")
        ? options.stream()
            .filter(option -> option.matches("ruleset=0*[1-9][0-9]{0,8}"))
            .mapToInt(option -> Integer.parseInt(option.substring("ruleset=".length())))
            .findFirst()
        : OptionalInt.empty();
  }

  /**
   * The rulesets that a jail's devices are seen through: of what is mounted for it, and of what its
   * own root may mount ({@code devfs_ruleset}).
   */
  static Set<Integer> rulesets(JailParameters parameters, List<JailMount> mounts) {
    Set<Integer> rulesets = new LinkedHashSet<>();
    mounts.forEach(mount -> mount.ruleset().ifPresent(rulesets::add));
    parameters
        .number("devfs_ruleset")
        .filter(number -> number > 0)
        .map(Math::toIntExact)
        .ifPresent(rulesets::add);
    return rulesets;
  }

  private static int ruleset(JailParameters parameters) {
    return parameters.number("devfs_ruleset").map(Math::toIntExact).orElse(DEFAULT_RULESET);
  }

  private static JailMount of(FstabLine line) {
    return new JailMount(
        line.type().keyword(), line.source(), line.target(), List.copyOf(line.options()));
  }

  private static Path below(Path root, Path inJail) {
    return root.resolve(Path.of("/").relativize(inJail));
  }
}
