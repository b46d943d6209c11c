package io.gaol.driver;

import io.gaol.engine.Platform;
import io.gaol.linux.LinuxPlatform;

/** Which operating system jails are made on. */
public final class Platforms {
  private Platforms() {}

  /** The one that this program runs on. */
  public static Platform ofThisHost() {
    return new LinuxPlatform();
  }
}
