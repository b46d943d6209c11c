package io.gaol.driver.plugin;

import io.gaol.engine.Platform;
import io.gaol.engine.Readiness;
import io.gaol.nomad.Fingerprint;
import io.gaol.nomad.Listener;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Looks at the host again and again, and tells whether jails can be made. */
final class Fingerprinter {
  /** How often all is looked at, as Nomad's own drivers do. */
  private static final Duration EVERY = Duration.ofSeconds(30);

  /** How often it is looked whether anything has changed. */
  private static final Duration GLANCE = Duration.ofSeconds(1);

  private final String driver;
  private final String version;
  private final Platform platform;

  Fingerprinter(String driver, String version, Platform platform) {
    this.driver = driver;
    this.version = version;
    this.platform = platform;
  }

  /** Tells at once, every 30 seconds, and within a second of a change, until interrupted. */
  void run(Listener<Fingerprint> listener) throws InterruptedException {
    while (true) {
      String before = platform.signature();
      listener.tell(fingerprint(platform.examine()));
      long told = System.nanoTime();
      do {
        Thread.sleep(GLANCE);
      } while (platform.signature().equals(before) && System.nanoTime() - told < EVERY.toNanos());
    }
  }

  private Fingerprint fingerprint(Readiness host) {
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("driver." + driver + ".version", version);
    host.attributes()
        .forEach((name, value) -> attributes.put("driver." + driver + "." + name, value));
    if (!host.supported()) {
      return new Fingerprint(
          Fingerprint.Health.UNDETECTED, String.join("; ", host.problems()), attributes);
    }
    return host.problems().isEmpty()
        ? new Fingerprint(Fingerprint.Health.HEALTHY, "Healthy", attributes)
        : new Fingerprint(
            Fingerprint.Health.UNHEALTHY, String.join("; ", host.problems()), attributes);
  }
}
