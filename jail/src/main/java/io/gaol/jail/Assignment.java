package io.gaol.jail;

import java.util.Objects;

/**
 * A parameter set somewhere: what was written, not yet understood.
 *
 * @param name as it was written
 * @param value a {@link String}, {@link Boolean}, {@link Number} or a {@link java.util.List} of
 *     them; {@link #BARE} if the name stood alone. Null is a parameter that was not set: a key of a
 *     config that is null
 * @param place where it was written, for people, such as {@code web.hcl:12}; empty if the name says
 *     enough
 * @param source what kind of text it was written in
 * @param origin whose wish it is
 */
public record Assignment(String name, Object value, String place, Source source, Origin origin) {
  /** The value of a name that stood alone: {@code -J allow.raw_sockets}, {@code persist;}. */
  public static final Object BARE = Bare.BARE;

  private enum Bare {
    BARE
  }

  /** Checks. */
  public Assignment {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(place, "place");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(origin, "origin");
  }

  /** What kind of text parameters are written in. */
  public enum Source {
    /** A key of a Nomad job's {@code config}: {@link JailParameterCatalogue#nomadSpellings()}. */
    JOB_CONFIG,
    /** A key of a job's {@code params}: jail(8)'s names. */
    JOB_PARAMS,
    /** A flag {@code -J name=value}: jail(8)'s names, and its commas between some values. */
    COMMAND_LINE,
    /** jail.conf(5). */
    JAIL_CONF
  }

  /** Whose wish a value is. */
  public enum Origin {
    /** The job, the file or the flags ask for it. */
    JOB,
    /** It is a default, and gives way to what a job says, also to what contradicts it. */
    DEFAULT,
    /** The host's operator or the host itself says so. */
    HOST
  }

  /** A wish of a job. */
  public static Assignment of(String name, Object value, String place, Source source) {
    return new Assignment(name, value, place, source, Origin.JOB);
  }

  /** A default, by jail(8)'s name. */
  public static Assignment byDefault(String name, String value) {
    return new Assignment(name, value, "", Source.COMMAND_LINE, Origin.DEFAULT);
  }

  /**
   * Reads a flag's argument, {@code name} or {@code name=value}, as jail(8) reads its command line:
   * quotes are part of the value.
   */
  public static Assignment parse(String flag, String place) {
    int equals = flag.indexOf('=');
    return equals < 0
        ? of(flag, BARE, place, Source.COMMAND_LINE)
        : of(flag.substring(0, equals), flag.substring(equals + 1), place, Source.COMMAND_LINE);
  }

  /** The name, and where it stands when that is known. */
  String called() {
    return place.isEmpty() ? name : name + " (" + place + ")";
  }
}
