package io.gaol.driver;

import io.gaol.engine.Platform;
import io.gaol.freebsd.FreeBsdPlatform;
import io.gaol.jail.Spelling;
import io.gaol.linux.LinuxPlatform;
import io.gaol.nomad.config.ConfigType;
import io.gaol.nomad.config.Schema;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which operating system jails are made on: the one place that chooses. */
public final class Platforms {
  /** In the environment: the host to take, one of {@link #NAMES}. */
  public static final String VARIABLE = "GAOL_HOST";

  /** What a host can be. */
  public static final List<String> NAMES = List.of("freebsd", "linux");

  /** In a plugin's config: the same. */
  static final String KEY = "host";

  private Platforms() {}

  /** The option {@link #KEY}, as an agent has to know it. */
  static Schema option() {
    return new Schema.Attr(KEY, ConfigType.string(), false);
  }

  /** What {@link #KEY} says, if anything. */
  static Optional<String> of(ConfigReader reader) {
    Optional<String> host = reader.text(KEY).filter(text -> !text.isEmpty());
    host.flatMap(name -> problem(KEY, name)).ifPresent(problem -> reader.problem(KEY, problem));
    return host;
  }

  /**
   * The one to take: that which is asked for; else that of {@link #VARIABLE}, for a Java of Linux
   * that runs on FreeBSD says that it is on Linux; else the one that Java says it runs on.
   *
   * @param asked one of {@link #NAMES}, by somebody who goes before the environment
   * @throws IllegalArgumentException if there is none; the message says which there are
   */
  public static Platform ofThisHost(Optional<String> asked) {
    return named(name(asked, System.getenv(), System.getProperty("os.name")));
  }

  /** Which name is taken: see {@link #ofThisHost}. */
  static String name(Optional<String> asked, Map<String, String> environment, String system) {
    if (asked.isPresent()) {
      return asked.get();
    }
    String variable = environment.getOrDefault(VARIABLE, "");
    if (!variable.isEmpty()) {
      problem(VARIABLE, variable)
          .ifPresent(
              problem -> {
                throw new IllegalArgumentException(problem);
              });
      return variable;
    }
    return switch (system) {
      case "FreeBSD" -> "freebsd";
      case "Linux" -> "linux";
      default ->
          throw new IllegalArgumentException(
              "jails do not run on " + system + ", only on FreeBSD and Linux");
    };
  }

  /**
   * Why somebody asks for no host; empty if it is one.
   *
   * @param where it stands
   * @param name what stands there
   */
  public static Optional<String> problem(String where, String name) {
    return NAMES.contains(name)
        ? Optional.empty()
        : Optional.of(
            where
                + " takes "
                + String.join(" or ", NAMES)
                + ", but \""
                + name
                + "\" is given."
                + Spelling.suggestion(name, NAMES));
  }

  /**
   * The platform of a name.
   *
   * @param name one of {@link #NAMES}
   */
  public static Platform named(String name) {
    return switch (name) {
      case "freebsd" -> new FreeBsdPlatform();
      case "linux" -> new LinuxPlatform();
      default -> throw new IllegalArgumentException(problem("a host", name).orElseThrow());
    };
  }
}
