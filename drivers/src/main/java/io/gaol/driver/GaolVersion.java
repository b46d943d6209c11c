package io.gaol.driver;

/** Which Gaol this is. */
public final class GaolVersion {
  /** By semantic versioning: https://semver.org. */
  public static final String VALUE = "0.1.0-SNAPSHOT";

  private GaolVersion() {}
}
