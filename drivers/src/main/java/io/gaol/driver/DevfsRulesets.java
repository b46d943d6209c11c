package io.gaol.driver;

import io.gaol.jail.HostDevice;
import io.gaol.jail.JailSpec;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Rulesets of devfs(8) that an operator defines for a host that has none: what a jail with that
 * number sees beside the standard devices, which are ruleset 4.
 *
 * @param devices of each number
 */
public record DevfsRulesets(Map<Integer, List<Path>> devices) {
  /** None. */
  public static final DevfsRulesets NONE = new DevfsRulesets(Map.of());

  /** The option of the plugin's config. */
  static final String KEY = "devfs_rulesets";

  private static final String RULESET = "devfs_ruleset";
  private static final String STANDARD = "4";
  private static final int LAST_OF_FREEBSD = 5;
  private static final int MOST = 65_535;
  private static final Path DEV = Path.of("/dev");

  /** Copies. */
  public DevfsRulesets {
    Map<Integer, List<Path>> copy = new TreeMap<>();
    devices.forEach((number, paths) -> copy.put(number, List.copyOf(paths)));
    devices = Collections.unmodifiableMap(copy);
  }

  static DevfsRulesets of(ConfigReader reader) {
    Object value = reader.value(KEY);
    if (value == null) {
      return NONE;
    }
    if (!(value instanceof Map<?, ?> rulesets)) {
      reader.problem(
          KEY,
          KEY
              + " takes lists of devices by number, as "
              + KEY
              + " = { \"10\" = [\"/dev/fuse\"] }, but "
              + ConfigReader.kind(value)
              + " is given");
      return NONE;
    }
    Map<Integer, List<Path>> devices = new TreeMap<>();
    rulesets.forEach(
        (number, paths) ->
            number(reader, String.valueOf(number))
                .ifPresent(read -> devices.put(read, paths(reader, read, paths))));
    return new DevfsRulesets(devices);
  }

  private static Optional<Integer> number(ConfigReader reader, String text) {
    if (text.matches("[1-9][0-9]{0,4}")
        && Integer.parseInt(text) > LAST_OF_FREEBSD
        && Integer.parseInt(text) <= MOST) {
      return Optional.of(Integer.valueOf(text));
    }
    reader.problem(
        KEY,
        KEY
            + ": \""
            + text
            + "\" is no number from "
            + (LAST_OF_FREEBSD + 1)
            + " to "
            + MOST
            + "; what is below is FreeBSD's own");
    return Optional.empty();
  }

  private static List<Path> paths(ConfigReader reader, int number, Object value) {
    List<Path> paths = new ArrayList<>();
    if (!(value instanceof List<?> list)) {
      reader.problem(
          KEY,
          KEY
              + ": "
              + number
              + " takes a list of devices, but "
              + ConfigReader.kind(value)
              + " is given");
      return List.of();
    }
    for (Object item : list) {
      Optional<Path> path =
          ConfigReader.scalar(item == null ? List.of() : item).flatMap(DevfsRulesets::device);
      if (path.isEmpty()) {
        reader.problem(
            KEY,
            KEY
                + ": "
                + number
                + " takes devices such as \"/dev/fuse\", but "
                + ConfigReader.kind(item)
                + " is in it");
      }
      path.ifPresent(paths::add);
    }
    return paths;
  }

  private static Optional<Path> device(String text) {
    try {
      Path path = Path.of(text);
      return path.startsWith(DEV) && !path.equals(DEV) && path.equals(path.normalize())
          ? Optional.of(path)
          : Optional.empty();
    } catch (InvalidPathException notAPath) {
      return Optional.empty();
    }
  }

  /** A spec that asks for one of these, with the standard devices and those of its ruleset. */
  public JailSpec applied(JailSpec spec) {
    Optional<List<Path>> paths =
        spec.parameters().number(RULESET).map(Long::intValue).map(devices::get);
    if (paths.isEmpty()) {
      return spec;
    }
    List<HostDevice> all = new ArrayList<>(spec.devices());
    paths.get().forEach(path -> all.add(new HostDevice(path, path, "rw")));
    return spec.with(spec.parameters().with(RULESET, List.of(STANDARD)), all);
  }
}
