package io.gaol.cli.artifact;

import com.github.luben.zstd.ZstdInputStream;
import io.gaol.cli.artifact.Tree.Attributes;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** Reads archives. The only class that uses the libraries for them: they are loaded with it. */
final class Unpacker {
  /** What xz may take: twice what {@code xz -9} needs. */
  private static final int XZ_MEMORY_KIB = 128 * 1024;

  private static final int LONGEST_LINK = 4096;
  private static final int FILE_TYPE = 0170000;
  private static final int REGULAR = 0100000;
  private static final int DIRECTORY = 0040000;

  private Unpacker() {}

  /** Unpacks an archive of several files. */
  static void unpack(Path archive, ArchiveType type, Tree tree)
      throws IOException, ArtifactException, InterruptedException {
    if (type == ArchiveType.ZIP) {
      unzip(archive, tree);
    } else {
      untar(archive, type, tree);
    }
    tree.finish();
  }

  /** Reads what a compressed file holds. */
  @SuppressWarnings("MustBeClosedChecker") // The caller closes the outermost.
  static InputStream decompress(Path file, ArchiveType type) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file));
    try {
      return switch (type.compression()) {
        case NONE -> in;
        case GZIP ->
            GzipCompressorInputStream.builder()
                .setInputStream(in)
                .setDecompressConcatenated(true)
                .get();
        case BZIP2 -> new BZip2CompressorInputStream(in, true);
        case XZ ->
            XZCompressorInputStream.builder()
                .setInputStream(in)
                .setDecompressConcatenated(true)
                .setMemoryLimitKiB(XZ_MEMORY_KIB)
                .get();
        case ZSTD -> new ZstdInputStream(in);
      };
    } catch (IOException | LinkageError failure) {
      in.close();
      throw failure instanceof LinkageError
          ? new IOException("the library for zstd does not run here: " + failure.getMessage())
          : (IOException) failure;
    }
  }

  private static void untar(Path archive, ArchiveType type, Tree tree)
      throws IOException, ArtifactException, InterruptedException {
    try (HeaderLimit in = new HeaderLimit(decompress(archive, type));
        TarArchiveInputStream tar = new TarArchiveInputStream(in, StandardCharsets.UTF_8.name())) {
      while (true) {
        in.beginHeader();
        TarArchiveEntry entry = tar.getNextEntry();
        in.endHeader();
        if (entry == null) {
          return;
        }
        untar(tar, entry, tree);
      }
    }
  }

  private static void untar(TarArchiveInputStream tar, TarArchiveEntry entry, Tree tree)
      throws IOException, ArtifactException, InterruptedException {
    String name = entry.getName();
    Attributes attributes = new Attributes(entry.getMode(), entry.getLastModifiedTime());
    if (entry.isSymbolicLink()) {
      tree.symbolicLink(name, entry.getLinkName());
    } else if (entry.isLink()) {
      tree.hardLink(name, entry.getLinkName());
    } else if (entry.isCharacterDevice() || entry.isBlockDevice()) {
      throw tree.refused(name, "is a device");
    } else if (entry.isFIFO()) {
      throw tree.refused(name, "is a named pipe");
    } else if (entry.isDirectory()) {
      tree.directory(name, attributes);
    } else if (entry.isFile() && tar.canReadEntryData(entry)) {
      tree.file(name, attributes, tar);
    } else {
      throw tree.refused(name, "is neither file nor directory nor link");
    }
  }

  private static void unzip(Path archive, Tree tree)
      throws IOException, ArtifactException, InterruptedException {
    try (ZipFile zip = ZipFile.builder().setPath(archive).get()) {
      List<ZipArchiveEntry> entries = Collections.list(zip.getEntriesInPhysicalOrder());
      for (ZipArchiveEntry entry : entries) {
        unzip(zip, entry, tree);
      }
    }
  }

  private static void unzip(ZipFile zip, ZipArchiveEntry entry, Tree tree)
      throws IOException, ArtifactException, InterruptedException {
    String name = entry.getName();
    int type = entry.getUnixMode() & FILE_TYPE;
    // Archivers of other systems write no modes.
    int mode = type == 0 ? (entry.isDirectory() ? 0755 : 0644) : entry.getUnixMode();
    Attributes attributes = new Attributes(mode, FileTime.fromMillis(Math.max(0, entry.getTime())));
    if (entry.isDirectory() || type == DIRECTORY) {
      tree.directory(name, attributes);
      return;
    }
    if (!zip.canReadEntryData(entry)) {
      throw tree.refused(name, "is encrypted, or compressed in a way that is not known");
    }
    CRC32 crc = new CRC32();
    try (InputStream content = new CheckedInputStream(zip.getInputStream(entry), crc)) {
      if (entry.isUnixSymlink()) {
        byte[] target = content.readNBytes(LONGEST_LINK);
        tree.symbolicLink(name, new String(target, StandardCharsets.UTF_8));
      } else if (type == 0 || type == REGULAR) {
        tree.file(name, attributes, content);
      } else {
        throw tree.refused(name, "is neither file nor directory nor link");
      }
    }
    if (crc.getValue() != entry.getCrc()) {
      throw tree.refused(name, "is damaged: its CRC differs");
    }
  }
}
