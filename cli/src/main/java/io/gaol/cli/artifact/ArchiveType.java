package io.gaol.cli.artifact;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What can be unpacked, by the endings that go-getter knows. */
enum ArchiveType {
  ZIP(Compression.NONE, "zip"),
  TAR(Compression.NONE, "tar"),
  TAR_GZIP(Compression.GZIP, "tar.gz", "tgz"),
  TAR_BZIP2(Compression.BZIP2, "tar.bz2", "tbz2"),
  TAR_XZ(Compression.XZ, "tar.xz", "txz"),
  TAR_ZSTD(Compression.ZSTD, "tar.zst", "tzst"),
  GZIP(Compression.GZIP, "gz"),
  BZIP2(Compression.BZIP2, "bz2"),
  XZ(Compression.XZ, "xz"),
  ZSTD(Compression.ZSTD, "zst");

  /** How the bytes are compressed. */
  enum Compression {
    NONE,
    GZIP,
    BZIP2,
    XZ,
    ZSTD
  }

  private final Compression compression;

  @SuppressWarnings("ImmutableEnumChecker") // It is a List.of.
  private final List<String> endings;

  ArchiveType(Compression compression, String... endings) {
    this.compression = compression;
    this.endings = List.of(endings);
  }

  Compression compression() {
    return compression;
  }

  /** Whether there is one file in it, without a name. */
  boolean isSingleFile() {
    return compareTo(GZIP) >= 0;
  }

  /** The type of that name, such as {@code tar.gz}. */
  static Optional<ArchiveType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.endings.contains(name)).findFirst();
  }

  /** By the longest ending that fits. */
  static Optional<ArchiveType> ofFile(String fileName) {
    return names().stream()
        .filter(ending -> fileName.endsWith("." + ending))
        .max(Comparator.comparingInt(String::length))
        .flatMap(ArchiveType::named);
  }

  static List<String> names() {
    return Arrays.stream(values()).flatMap(type -> type.endings.stream()).toList();
  }
}
