package io.gaol.freebsd;

import io.gaol.engine.Programs;
import io.gaol.engine.ToolLimit;
import io.gaol.jail.FreeBsdRelease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a FreeBSD is, as far as it stays the same while it runs: one command finds it out.
 *
 * @param release of the kernel: {@code kern.osrelease}
 * @param administrator whether this program may make jails: uid 0
 * @param jailed whether it runs in a jail itself: {@code security.jail.jailed}
 * @param vimage whether jails can have a network stack of their own: {@code kern.features.vimage}
 * @param racct whether resources are accounted: {@code kern.racct.enable}; empty if the kernel
 *     cannot
 * @param parameters those of jail(8) that the kernel knows without another module: {@code
 *     security.jail.param}; one that has others below it ends with a dot
 * @param boot when it was booted, in seconds: {@code kern.boottime}
 * @param modulePath where files of kernel modules are looked for: {@code kern.module_path}
 * @param absent programs of the base system that jails are made with, and that are not there
 */
public record FreeBsdSystem(
    FreeBsdRelease release,
    boolean administrator,
    boolean jailed,
    boolean vimage,
    Optional<Boolean> racct,
    Set<String> parameters,
    long boot,
    List<Path> modulePath,
    List<Path> absent) {

  private static final String LOOK =
      """
      %s -u
      %s -i kern.osrelease kern.racct.enable kern.features.vimage security.jail.jailed kern.boottime kern.module_path
      %s -N security.jail.param
      for program in %s; do [ -x $program ] || echo "absent $program"; done
      """
          .formatted(
              BaseSystem.ID,
              BaseSystem.SYSCTL,
              BaseSystem.SYSCTL,
              String.join(" ", BaseSystem.OF_EVERY_JAIL));

  /** kldload(8) */
  private static final String DEFAULT_MODULE_PATH = "/boot/kernel;/boot/modules";

  private static final String ABSENT = "absent ";

  private static final String PARAMETER = "security.jail.param.";

  /** Copies. */
  public FreeBsdSystem {
    Objects.requireNonNull(release, "release");
    Objects.requireNonNull(racct, "racct");
    parameters = Set.copyOf(parameters);
    modulePath = List.copyOf(modulePath);
    absent = List.copyOf(absent);
  }

  /**
   * Whether the kernel has a parameter, without another module.
   *
   * @param name jail(8)'s; a key of {@code meta} or {@code env} is known where these are
   */
  boolean knows(String name) {
    return parameters.contains(name)
        || parameters.contains(name + ".")
        || (name.startsWith("meta.") && parameters.contains("meta"))
        || (name.startsWith("env.") && parameters.contains("env"));
  }

  /** Whether kldload(8) finds a module: by the name of its file. */
  boolean hasFileOf(String module) {
    return modulePath.stream().anyMatch(path -> Files.isRegularFile(path.resolve(module + ".ko")));
  }

  /**
   * Looks at the host.
   *
   * @throws IOException if it is no FreeBSD, or does not answer
   */
  static FreeBsdSystem look() throws IOException, InterruptedException {
    Programs.Result result =
        Programs.read(List.of(BaseSystem.SH, "-c", LOOK), Map.of(), ToolLimit.TIME);
    return read(result.output());
  }

  /** Reads what id(1) and sysctl(8) have printed. */
  static FreeBsdSystem read(String output) throws IOException {
    List<String> lines = output.lines().toList();
    Map<String, String> values = new HashMap<>();
    Set<String> parameters = new LinkedHashSet<>();
    List<Path> absent = new ArrayList<>();
    for (String line : lines) {
      int colon = line.indexOf(": ");
      if (line.startsWith(PARAMETER)) {
        parameters.add(line.substring(PARAMETER.length()));
      } else if (line.startsWith(ABSENT)) {
        absent.add(Path.of(line.substring(ABSENT.length())));
      } else if (colon > 0) {
        values.put(line.substring(0, colon), line.substring(colon + 2));
      }
    }
    Optional<FreeBsdRelease> release =
        Optional.ofNullable(values.get("kern.osrelease")).flatMap(FreeBsdRelease::parse);
    if (release.isEmpty()) {
      throw new IOException(
          "this is no FreeBSD, for sysctl(8) tells no release of one ("
              + (lines.isEmpty() ? "" : lines.getLast())
              + "); \"gaol job plan\" plans for a release anywhere: --host freebsd:14.3");
    }
    return new FreeBsdSystem(
        release.get(),
        lines.getFirst().equals("0"),
        "1".equals(values.get("security.jail.jailed")),
        "1".equals(values.get("kern.features.vimage")),
        Optional.ofNullable(values.get("kern.racct.enable")).map("1"::equals),
        parameters,
        seconds(values.getOrDefault("kern.boottime", "")),
        modulePath(values.getOrDefault("kern.module_path", DEFAULT_MODULE_PATH)),
        absent);
  }

  private static List<Path> modulePath(String text) {
    return Stream.of(text.split(";"))
        .filter(directory -> directory.startsWith("/"))
        .map(Path::of)
        .toList();
  }

  /** Of {@code { sec = 1795438459, usec = 105499 } Mon Nov 23 ...}. */
  private static long seconds(String boottime) throws IOException {
    String[] words = boottime.split("[ ,]+");
    for (int i = 0; i + 2 < words.length; i++) {
      if (words[i].equals("sec") && words[i + 1].equals("=") && words[i + 2].matches("[0-9]+")) {
        return Long.parseLong(words[i + 2]);
      }
    }
    throw new IOException("sysctl(8) tells no kern.boottime here: " + boottime);
  }
}
