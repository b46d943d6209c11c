package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A small file system that can be filled. */
public final class SmallDisk {
  private static final int BLOCK = 4096;

  private SmallDisk() {}

  /**
   * Mounts one as {@code disk} in a folder.
   *
   * @param options of tmpfs(5), such as {@code size=1m}
   */
  public static Path mount(Path folder, String options) throws IOException {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Command.Outcome outcome =
        Command.of(Path.of("/bin/mount"), "-t", "tmpfs", "-o", options, "tmpfs", disk.toString())
            .run();
    assertThat(outcome.status()).as(outcome.stderr()).isZero();
    return disk;
  }

  /** Fills it until so much is left; returns the file that does, which may be deleted. */
  public static Path fill(Path disk, int blocksLeft) throws IOException {
    Path ballast = disk.resolve("ballast");
    try (OutputStream out = Files.newOutputStream(ballast)) {
      byte[] block = new byte[BLOCK];
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      // As wanted.
    }
    long size = Files.size(ballast) / BLOCK * BLOCK;
    try (FileChannel channel = FileChannel.open(ballast, StandardOpenOption.WRITE)) {
      channel.truncate(Math.max(0, size - (long) blocksLeft * BLOCK));
    }
    return ballast;
  }
}
