package io.gaol.engine;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.WatchService;
import java.util.Optional;

/** Where changes of files are told by the kernel. */
public final class WatchServices {
  private WatchServices() {}

  /**
   * The kernel's own events. Where it has none, Java looks every ten seconds itself; a kernel that
   * emulates another one may refuse, as FreeBSD's linux(4) does.
   *
   * @return empty if it does not tell
   */
  public static Optional<WatchService> ofKernel(FileSystem files) {
    try {
      WatchService service = files.newWatchService();
      if (!service.getClass().getSimpleName().startsWith("Polling")) {
        return Optional.of(service);
      }
      service.close();
      return Optional.empty();
    } catch (IOException | UnsupportedOperationException refused) {
      return Optional.empty();
    }
  }
}
