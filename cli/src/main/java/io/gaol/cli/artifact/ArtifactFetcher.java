package io.gaol.cli.artifact;

import io.gaol.cli.artifact.Artifact.Mode;
import io.gaol.cli.artifact.Source.Location.Http;
import io.gaol.cli.artifact.Source.Location.Local;
import io.gaol.cli.artifact.Tree.Attributes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Fetches artifacts, as Nomad does with go-getter: from this host, and from servers with http and
 * https. What is fetched is checked and unpacked beside its destination, and moved there when all
 * of it is well: a failure leaves nothing behind, and what was there before as it was.
 */
public final class ArtifactFetcher {
  private static final int LARGEST_CHECKSUM_FILE = 1 << 20;
  private static final int MODE = 0644;

  private final Artifact artifact;
  private final ArtifactPlaces places;
  private final ArtifactLimits limits;
  private final Consumer<String> events;
  private final Source source;

  private ArtifactFetcher(
      Artifact artifact,
      ArtifactPlaces places,
      ArtifactLimits limits,
      Consumer<String> events,
      Source source) {
    this.artifact = artifact;
    this.places = places;
    this.limits = limits;
    this.events = events;
    this.source = source;
  }

  /**
   * Checks what an artifact says, and touches nothing. A file of checksums is not looked for.
   *
   * @param jobFolder what relative sources are relative to
   * @throws ArtifactException if it could not be fetched whatever is there
   */
  public static void check(Artifact artifact, Path jobFolder) throws ArtifactException {
    Source source = Source.of(artifact, jobFolder);
    Optional<String> checksum = source.checksum();
    if (checksum.isPresent() && !checksum.get().startsWith(Checksum.IN_FILE)) {
      Checksum.of(checksum.get(), source.shown());
    }
  }

  /**
   * Fetches an artifact.
   *
   * @param events what happens, in words
   * @throws ArtifactException if it cannot be had; nothing of it is there then
   * @throws InterruptedException if the thread was interrupted; nothing of it is there then
   */
  public static void fetch(
      Artifact artifact, ArtifactPlaces places, ArtifactLimits limits, Consumer<String> events)
      throws ArtifactException, InterruptedException {
    check(artifact, places.jobFolder());
    Source source = Source.of(artifact, places.jobFolder());
    try {
      new ArtifactFetcher(artifact, places, limits, events, source).fetch();
    } catch (IOException | UncheckedIOException failure) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw new ArtifactException(source.shown(), Shown.text(Failures.reason(failure)));
    } catch (OutOfMemoryError tooLarge) {
      // A list of millions of files in an archive is read into memory as one.
      throw new ArtifactException(source.shown(), "it takes more memory than there is");
    }
  }

  private void fetch() throws IOException, ArtifactException, InterruptedException {
    Destination destination = Destination.of(artifact, places, source.shown());
    Path staging = staging(destination);
    try {
      Path ready = prepare(staging);
      if (artifact.chown() && places.owner().isPresent()) {
        own(ready, places.owner().get());
      }
      Path replaced = Files.createDirectory(staging.resolve("replaced"));
      Optional<FileOwner> owner = places.owner().filter(there -> artifact.chown());
      Merge.move(ready, destination.path(), replaced, owner);
    } finally {
      remove(staging);
    }
  }

  /**
   * Where a task cannot see it, so that what was checked stays as it is; but on the destination's
   * file system, as secrets do not belong on a disk.
   */
  private Path staging(Destination destination) throws IOException {
    boolean same = device(places.scratch()).equals(device(destination.existing()));
    Path parent = same ? places.scratch() : destination.existing();
    return Files.createTempDirectory(parent, ".artifact-");
  }

  private static Object device(Path path) throws IOException {
    return Files.getAttribute(path, "unix:dev");
  }

  /** Fetches, verifies and unpacks; returns the file or the directory that is to be moved. */
  private Path prepare(Path staging) throws IOException, ArtifactException, InterruptedException {
    Path tree = Files.createDirectory(staging.resolve("tree"));
    if (source.location() instanceof Local(Path path) && Files.isDirectory(path)) {
      copyDirectory(path, tree);
      return tree;
    }
    if (artifact.mode() == Mode.DIR && source.archive().isEmpty()) {
      throw problem("mode \"dir\" takes a directory or an archive");
    }
    Path file = staging.resolve("download");
    get(source, file, limits);
    if (source.checksum().isPresent()) {
      checksum(source.checksum().get(), staging).verify(file, source.shown());
    }
    if (source.archive().isEmpty()) {
      return named(file, tree);
    }
    ArchiveType type = source.archive().get();
    events.accept("unpacking " + source.shown());
    if (type.isSingleFile()) {
      return decompress(file, type, staging.resolve("unpacked"));
    }
    Tree unpacked = new Tree(tree, source.shown(), limits);
    try {
      Unpacker.unpack(file, type, unpacked);
    } catch (IOException | RuntimeException damaged) {
      throw damaged(damaged);
    }
    if (unpacked.isEmpty()) {
      throw problem("the archive is empty");
    }
    if (artifact.mode() == Mode.FILE) {
      return onlyFile(tree);
    }
    Path top = subdirectory(tree);
    Tree.checkLinks(top, source.shown());
    return top;
  }

  private Path named(Path file, Path tree) throws IOException {
    if (artifact.mode() == Mode.FILE) {
      return file;
    }
    Path target = tree.resolve(source.fileName()).normalize();
    Files.createDirectories(target.getParent());
    Files.move(file, target);
    return tree;
  }

  private Path decompress(Path file, ArchiveType type, Path into)
      throws IOException, ArtifactException, InterruptedException {
    try (InputStream in = Unpacker.decompress(file, type);
        OutputStream out = Files.newOutputStream(into)) {
      Tree.copy(in, out, limits.unpackedBytes(), source.shown());
    } catch (IOException | RuntimeException damaged) {
      throw damaged(damaged);
    }
    Files.setAttribute(into, "unix:mode", MODE);
    return into;
  }

  private ArtifactException damaged(Exception failure) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return problem("it could not be unpacked: " + Shown.text(Failures.reason(failure)));
  }

  private Path onlyFile(Path tree) throws IOException, ArtifactException {
    try (Stream<Path> files = Files.list(tree)) {
      List<Path> all = files.toList();
      if (all.size() == 1 && Files.isRegularFile(all.getFirst(), LinkOption.NOFOLLOW_LINKS)) {
        return all.getFirst();
      }
    }
    throw problem("mode \"file\" takes an archive of one file, and this one has more in it");
  }

  /** The directory that the source wants of an archive; its name may have wildcards. */
  private Path subdirectory(Path tree) throws IOException, ArtifactException {
    if (source.subdirectory().isEmpty()) {
      return tree;
    }
    String wanted = Path.of(source.subdirectory().get()).normalize().toString();
    List<Path> found;
    try (Stream<Path> all = Files.walk(tree)) {
      var matcher = FileSystems.getDefault().getPathMatcher("glob:" + wanted);
      found =
          all.filter(path -> !path.equals(tree))
              .filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
              .filter(path -> matcher.matches(tree.relativize(path)))
              .toList();
    } catch (IllegalArgumentException wrong) {
      throw problem("what stands behind // is no pattern: " + wrong.getMessage());
    }
    if (found.size() != 1) {
      throw problem(
          (found.isEmpty() ? "there is no directory " : "more than one directory matches ")
              + Shown.quoted(wanted)
              + " in the archive");
    }
    return found.getFirst();
  }

  private void copyDirectory(Path from, Path into)
      throws IOException, ArtifactException, InterruptedException {
    if (artifact.mode() == Mode.FILE) {
      throw problem("mode \"file\" takes a file, but " + from + " is a directory");
    }
    if (source.checksum().isPresent()) {
      throw problem("a directory has no checksum");
    }
    events.accept("copying " + source.shown());
    Tree tree = new Tree(into, source.shown(), limits);
    List<Path> all;
    try (Stream<Path> walk = Files.walk(from)) {
      all = walk.limit(limits.entries() + 2L).toList();
    }
    for (Path path : all) {
      BasicFileAttributes attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      String name = from.relativize(path).toString();
      if (attributes.isSymbolicLink()) {
        tree.symbolicLink(name, Files.readSymbolicLink(path).toString());
        continue;
      }
      Attributes kept = new Attributes(mode(path), attributes.lastModifiedTime());
      if (attributes.isDirectory()) {
        tree.directory(name, kept);
      } else if (attributes.isRegularFile()) {
        try (InputStream in = Files.newInputStream(path)) {
          tree.file(name, kept, in);
        }
      } else {
        throw problem(path + " is neither file nor directory nor link");
      }
    }
    tree.finish();
    Tree.checkLinks(into, source.shown());
  }

  private static int mode(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
  }

  /** Gets one file, as it is. */
  private void get(Source from, Path into, ArtifactLimits most)
      throws IOException, ArtifactException, InterruptedException {
    switch (from.location()) {
      case Http(var uri) -> {
        events.accept("downloading " + from.shown());
        HttpDownload.get(
            uri, from.shown(), artifact.headers(), artifact.insecure(), into, most, events);
        Files.setAttribute(into, "unix:mode", MODE);
      }
      case Local(Path path) -> {
        if (!Files.exists(path)) {
          throw new ArtifactException(
              from.shown(),
              path + " is not there; what a server has is written with http:// or https://");
        }
        if (!Files.isRegularFile(path)) {
          throw new ArtifactException(from.shown(), path + " is not a file");
        }
        if (Files.size(path) > most.downloadBytes()) {
          throw new ArtifactException(
              from.shown(), "it has more than " + Shown.bytes(most.downloadBytes()));
        }
        events.accept("copying " + from.shown());
        try (InputStream in = Files.newInputStream(path);
            OutputStream out = Files.newOutputStream(into)) {
          Tree.copy(in, out, most.downloadBytes(), from.shown());
        }
        Files.setAttribute(into, "unix:mode", mode(path.toRealPath()) & 0777);
      }
    }
  }

  private Checksum checksum(String text, Path staging)
      throws IOException, ArtifactException, InterruptedException {
    if (!text.startsWith(Checksum.IN_FILE)) {
      return Checksum.of(text, source.shown());
    }
    Source sums = sums(text.substring(Checksum.IN_FILE.length()));
    Path file = staging.resolve("checksums");
    ArtifactLimits small =
        new ArtifactLimits(
            LARGEST_CHECKSUM_FILE,
            limits.unpackedBytes(),
            limits.entries(),
            limits.connect(),
            limits.silence(),
            limits.download());
    get(sums, file, small);
    List<String> lines =
        new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
    Set<String> names = namesIn(sums);
    return Checksum.find(lines, names)
        .orElseThrow(
            () -> problem(sums.shown() + " has no checksum of " + Shown.quoted(names.toString())));
  }

  /** The file of checksums. The artifact's headers are for the artifact's own server. */
  private Source sums(String text) throws ArtifactException {
    Artifact plain =
        new Artifact(
            text, "", Mode.ANY, Map.of("archive", "false"), Map.of(), false, artifact.insecure());
    return Source.of(plain, places.jobFolder());
  }

  /** What the artifact may be called in a file of checksums: by its name, or as seen from there. */
  private Set<String> namesIn(Source sums) {
    Path own = Path.of("/" + path(source));
    Path theirs = Path.of("/" + path(sums)).normalize().getParent();
    Set<String> names = new TreeSet<>(Set.of(Source.lastName(path(source)), own.toString()));
    if (theirs != null) {
      names.add(theirs.relativize(own.normalize()).toString());
    }
    return names;
  }

  private static String path(Source source) {
    return switch (source.location()) {
      case Http(var uri) -> uri.getPath();
      case Local(Path path) -> path.toString();
    };
  }

  private static void own(Path top, FileOwner owner) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(top)) {
      all = walk.toList();
    }
    for (Path path : all) {
      Merge.own(path, owner);
    }
  }

  private static void remove(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private ArtifactException problem(String problem) {
    return new ArtifactException(source.shown(), problem);
  }
}
