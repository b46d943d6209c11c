package io.gaol.cli.job;

import io.gaol.jail.FreeBsdRelease;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known of this host by the names that Nomad's clients fingerprint: {@code attr.*} and
 * {@code node.*}. What cannot be found out is not there.
 */
final class HostAttributes {
  private HostAttributes() {}

  /**
   * The attributes of this host.
   *
   * @param platform {@link io.gaol.engine.Platform#name}: a Java of Linux does not know FreeBSD
   */
  static Map<String, String> read(String platform) {
    Map<String, String> found = read(Path.of("/"));
    if (platform.equals("freebsd")) {
      found.put("attr.kernel.name", platform);
      found.put("attr.os.name", platform);
      if (!System.getProperty("os.name").equals("FreeBSD")) {
        found.keySet().removeAll(List.of("attr.kernel.version", "attr.os.version"));
      }
    }
    return found;
  }

  /**
   * The attributes of a host with this root: proc(5) and os-release(5) are read below it.
   *
   * @param root of the host's files
   */
  static Map<String, String> read(Path root) {
    Map<String, String> found = new TreeMap<>();
    String name = firstLine(root.resolve("proc/sys/kernel/hostname"), "localhost");
    found.put("node.unique.name", name);
    found.put("node.unique.id", name);
    found.put("node.class", "");
    found.put("node.pool", "default");
    found.put("attr.unique.hostname", name);
    found.put("attr.kernel.name", "linux");
    found.put(
        "attr.kernel.version",
        firstLine(root.resolve("proc/sys/kernel/osrelease"), System.getProperty("os.version")));
    String machine = System.getProperty("os.arch");
    found.put("attr.kernel.arch", kernelName(machine));
    found.put("attr.cpu.arch", goName(machine));
    found.put("attr.arch", goName(machine));
    found.put("attr.driver.exec", "1");
    found.put("attr.driver.jail-task-driver", "1");
    processors(root, found);
    memory(root, found);
    system(root, found);
    return found;
  }

  /** What is recorded of a FreeBSD of a release, on the processor that most have. */
  static Map<String, String> of(FreeBsdRelease release) {
    Map<String, String> found = new TreeMap<>();
    found.put("node.unique.name", "freebsd");
    found.put("node.unique.id", "freebsd");
    found.put("node.class", "");
    found.put("node.pool", "default");
    found.put("attr.unique.hostname", "freebsd");
    found.put("attr.kernel.name", "freebsd");
    found.put("attr.kernel.version", release + "-RELEASE");
    found.put("attr.kernel.arch", "amd64");
    found.put("attr.cpu.arch", "amd64");
    found.put("attr.arch", "amd64");
    found.put("attr.os.name", "freebsd");
    found.put("attr.os.version", release.toString());
    found.put("attr.driver.exec", "1");
    found.put("attr.driver.jail-task-driver", "1");
    return found;
  }

  /** Go's name of a processor, which Nomad uses: {@code runtime.GOARCH}. */
  static String goName(String machine) {
    return switch (machine) {
      case "amd64", "x86_64" -> "amd64";
      case "aarch64", "arm64" -> "arm64";
      case "x86", "i386", "i486", "i586", "i686" -> "386";
      default -> machine;
    };
  }

  /** The kernel's name of a processor: uname(1) -m. */
  private static String kernelName(String machine) {
    return switch (goName(machine)) {
      case "amd64" -> "x86_64";
      case "arm64" -> "aarch64";
      default -> machine;
    };
  }

  /** The first processor tells for all. */
  private static void processors(Path root, Map<String, String> found) {
    int cores = Runtime.getRuntime().availableProcessors();
    found.put("attr.cpu.numcores", Integer.toString(cores));
    Map<String, String> first = fields(root.resolve("proc/cpuinfo"), ":", true);
    if (first.containsKey("model name")) {
      found.put("attr.cpu.modelname", first.get("model name"));
    }
    try {
      BigDecimal megahertz = new BigDecimal(first.getOrDefault("cpu MHz", ""));
      long frequency = megahertz.setScale(0, RoundingMode.DOWN).longValueExact();
      found.put("attr.cpu.frequency", Long.toString(frequency));
      found.put("attr.cpu.totalcompute", Long.toString(frequency * cores));
    } catch (NumberFormatException | ArithmeticException untold) {
      // Not every processor tells.
    }
  }

  private static void memory(Path root, Map<String, String> found) {
    String total = fields(root.resolve("proc/meminfo"), ":", true).getOrDefault("MemTotal", "");
    if (total.matches("[0-9]{1,15} kB")) {
      long kibibytes = Long.parseLong(total.substring(0, total.indexOf(' ')));
      found.put("attr.memory.totalbytes", Long.toString(kibibytes * 1024));
    }
  }

  private static void system(Path root, Map<String, String> found) {
    Map<String, String> release = fields(root.resolve("etc/os-release"), "=", false);
    if (release.containsKey("ID")) {
      found.put("attr.os.name", release.get("ID"));
    }
    if (release.containsKey("VERSION_ID")) {
      found.put("attr.os.version", release.get("VERSION_ID"));
    }
  }

  private static String firstLine(Path file, String otherwise) {
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      String line = reader.readLine();
      return line == null || line.isBlank() ? otherwise : line.strip();
    } catch (IOException unreadable) {
      return otherwise;
    }
  }

  /** Lines of a name and a value; what cannot be read has none. */
  private static Map<String, String> fields(Path file, String separator, boolean untilBlank) {
    Map<String, String> fields = new LinkedHashMap<>();
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (untilBlank && line.isBlank()) {
          break;
        }
        int at = line.indexOf(separator);
        if (at > 0) {
          String value = line.substring(at + 1).strip();
          boolean quoted =
              value.length() > 1
                  && (value.startsWith("\"") || value.startsWith("'"))
                  && value.endsWith(value.substring(0, 1));
          fields.putIfAbsent(
              line.substring(0, at).strip(),
              quoted ? value.substring(1, value.length() - 1) : value);
        }
      }
    } catch (IOException unreadable) {
      // Then nothing is known.
    }
    return fields;
  }
}
