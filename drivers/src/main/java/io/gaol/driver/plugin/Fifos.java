package io.gaol.driver.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/** The FIFOs that a task writes to. */
final class Fifos {
  private Fifos() {}

  /**
   * Opens a FIFO as a task does that writes nothing: whoever waits for one to open it finds the
   * end. What is none, or not there, is left alone.
   */
  static void openAndClose(Path fifo) {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(fifo, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isOther()) {
        // For reading too: else it would wait for a reader.
        Files.newByteChannel(
                fifo, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)
            .close();
      }
    } catch (IOException gone) {
      // Then nobody waits.
    }
  }
}
