package io.gaol.driver;

import io.gaol.engine.Platform;
import io.gaol.freebsd.FreeBsdPlatform;
import io.gaol.linux.LinuxPlatform;

/** Which operating system jails are made on: the one place that chooses. */
public final class Platforms {
  /** In the environment: the host to take, {@code freebsd} or {@code linux}. */
  public static final String VARIABLE = "GAOL_HOST";

  private Platforms() {}

  /**
   * The one that this program runs on. A Java of Linux that runs on FreeBSD says that it is on
   * Linux: {@link #VARIABLE} tells better.
   *
   * @throws IllegalArgumentException if the variable names none
   */
  public static Platform ofThisHost() {
    String asked = System.getenv(VARIABLE);
    return asked == null || asked.isEmpty()
        ? named(System.getProperty("os.name").equals("FreeBSD") ? "freebsd" : "linux")
        : named(asked);
  }

  private static Platform named(String name) {
    return switch (name) {
      case "freebsd" -> new FreeBsdPlatform();
      case "linux" -> new LinuxPlatform();
      default ->
          throw new IllegalArgumentException(
              VARIABLE + " is \"" + name + "\", and can be freebsd or linux");
    };
  }
}
