package io.gaol.engine;

import io.gaol.jail.BindMount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The files that a task will see, looked at from the host: paths in the jail, through its mounts,
 * with every symbolic link followed as it will be in there and never out of it.
 *
 * @param root the directory on the host that becomes the root
 * @param mounts what will be mounted over it
 */
public record RootView(Path root, List<BindMount> mounts) {
  private static final int MAXIMUM_LINKS = 40;
  private static final long MAXIMUM_SIZE = 16 * 1024 * 1024;
  private static final Path TOP = Path.of("/");

  /** Copies. */
  public RootView {
    mounts =
        mounts.stream()
            .sorted(Comparator.comparingInt((BindMount m) -> m.target().getNameCount()).reversed())
            .toList();
  }

  /**
   * Where a path of the jail is on the host.
   *
   * @param path absolute, in the jail
   * @return empty if it is not there
   */
  public Optional<Path> find(Path path) throws IOException {
    Path reached = TOP;
    Deque<Path> rest = new ArrayDeque<>();
    path.forEach(rest::add);
    int links = 0;
    while (!rest.isEmpty()) {
      Path name = rest.poll();
      if (name.toString().isEmpty() || name.toString().equals(".")) {
        continue;
      }
      if (name.toString().equals("..")) {
        reached = reached.getParent() == null ? TOP : reached.getParent();
        continue;
      }
      Path next = reached.resolve(name);
      Path onHost = onHost(next);
      if (Files.isSymbolicLink(onHost) && !isMountTarget(next)) {
        if (++links > MAXIMUM_LINKS) {
          return Optional.empty();
        }
        Path destination = Files.readSymbolicLink(onHost);
        for (int i = destination.getNameCount() - 1; i >= 0; i--) {
          rest.addFirst(destination.getName(i));
        }
        reached = destination.isAbsolute() ? TOP : reached;
        continue;
      }
      if (!Files.exists(onHost) && !leadsToMount(next)) {
        return Optional.empty();
      }
      reached = next;
    }
    Path onHost = onHost(reached);
    return Files.exists(onHost) ? Optional.of(onHost) : Optional.empty();
  }

  private boolean isMountTarget(Path path) {
    return mounts.stream().anyMatch(mount -> mount.target().equals(path));
  }

  private boolean leadsToMount(Path path) {
    return mounts.stream().anyMatch(mount -> mount.target().startsWith(path));
  }

  /** Where a path without links is on the host. */
  private Path onHost(Path path) {
    for (BindMount mount : mounts) {
      if (path.startsWith(mount.target())) {
        Path below = mount.target().relativize(path);
        return below.toString().isEmpty() ? mount.source() : mount.source().resolve(below);
      }
    }
    return root.resolve(TOP.relativize(path));
  }

  /** Whether a path of the jail is a program that can be executed. */
  public boolean isProgram(Path path) throws IOException {
    Optional<Path> onHost = find(path);
    return onHost.isPresent() && Files.isRegularFile(onHost.get()) && isExecutable(onHost.get());
  }

  /** Whether any execute bit is set: what root may execute. */
  public static boolean isExecutable(Path file) throws IOException {
    int mode = (Integer) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return (mode & 0111) != 0;
  }

  /** The lines of a text file of the jail; none if it is not there, or far too long. */
  public List<String> lines(Path path) throws IOException {
    Optional<Path> onHost = find(path);
    if (onHost.isEmpty()
        || !Files.isRegularFile(onHost.get())
        || Files.size(onHost.get()) > MAXIMUM_SIZE) {
      return List.of();
    }
    return Files.readAllLines(onHost.get(), StandardCharsets.ISO_8859_1);
  }
}
