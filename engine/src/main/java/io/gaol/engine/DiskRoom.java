package io.gaol.engine;

import java.io.File;
import java.nio.file.Path;

/** What a file system has room for. */
public final class DiskRoom {
  private DiskRoom() {}

  /**
   * The room for files of this process, in bytes: statvfs(3), which needs no table of mounts.
   *
   * @param file one that is there
   * @return {@link Long#MAX_VALUE} if the file system does not tell
   */
  public static long at(Path file) {
    File there = file.toFile();
    return there.getTotalSpace() > 0 ? there.getUsableSpace() : Long.MAX_VALUE;
  }
}
