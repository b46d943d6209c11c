package io.gaol.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What jails leave on a machine: how it is found, and how it is removed. */
public final class Leftovers {
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  private Leftovers() {}

  /** What is in a folder; nothing of one that is not there. */
  public static List<Path> entries(Path folder) {
    List<Path> entries = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
        stream.forEach(entries::add);
      } catch (IOException gone) {
        // Then nothing is in it.
      }
    }
    return entries;
  }

  /** What is in a file; nothing of one that is not there. */
  public static String contents(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }

  /** What is mounted below a folder, the last first. */
  public static List<String> mountsBelow(Path folder) {
    return contents(Path.of("/proc/self/mountinfo"))
        .lines()
        .map(line -> line.split(" ")[4])
        .filter(target -> target.startsWith(folder + "/"))
        .toList()
        .reversed();
  }

  /** The cgroups of the jails of these names, and those in them, the innermost first. */
  public static List<Path> cgroups(Predicate<String> names) {
    List<Path> found = new ArrayList<>();
    List<Path> hierarchies = new ArrayList<>(entries(CGROUPS));
    hierarchies.add(CGROUPS);
    for (Path hierarchy : hierarchies) {
      for (Path group : Files.isSymbolicLink(hierarchy) ? List.<Path>of() : entries(hierarchy)) {
        if (names.test(group.getFileName().toString())) {
          entries(group).stream()
              .filter(file -> Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
              .forEach(found::add);
          found.add(group);
        }
      }
    }
    return found;
  }

  /** What is left of the networks of the jails whose tasks are below a folder, in words. */
  public static List<String> networks(Path folder) {
    List<String> found = new ArrayList<>();
    for (Path owner : entries(Path.of("/run/gaol/networks"))) {
      try {
        if (Files.readSymbolicLink(owner).startsWith(folder)) {
          found.add("network namespace " + owner.getFileName());
        }
      } catch (IOException gone) {
        // Then nothing is left of it.
      }
    }
    for (Path value : entries(Path.of("/run/gaol/values"))) {
      for (Path claim : entries(value)) {
        if (contents(claim).startsWith(folder + "/")) {
          found.add("claim of a shared value " + claim);
        }
      }
    }
    return found;
  }

  /** The network namespaces of the jails of these names. */
  public static List<Path> networkNamespaces(Predicate<String> names) {
    return entries(Path.of("/run/netns")).stream()
        .filter(namespace -> names.test(namespace.getFileName().toString()))
        .toList();
  }

  /** Deletes a tree, and does not stumble over what goes by itself meanwhile. */
  public static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException failure)
              throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
