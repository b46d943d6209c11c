package io.gaol.jail;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a jail(8) parameter holds: which texts are values of it, and how each is written when it is
 * written one way only. Bounds are those of the kernel and of libjail (jail(3), jail(8)), which
 * answers what is out of them with a bare "Invalid argument".
 */
public sealed interface ParameterType {

  /** What a value of this type looks like, for an error message: "true or false". */
  String expectation();

  /**
   * Reads one value.
   *
   * @param given as it was written; never holds NUL
   * @return the value in its one way of writing, or what is wrong
   */
  Reading read(String given);

  /** What became of a text. */
  sealed interface Reading {
    /**
     * It is a value.
     *
     * @param value in its one way of writing
     */
    record Value(String value) implements Reading {}

    /**
     * It is none.
     *
     * @param rule what is wrong, to follow the parameter's name: "takes true or false, but ..."
     */
    record Wrong(String rule) implements Reading {}
  }

  /**
   * True or false. jail(8) also takes the bare name, the {@code no} form, any whole number (0 is
   * false) and, as false, the empty text; it refuses {@code yes}, {@code no}, {@code on} and {@code
   * off}.
   */
  record Flag() implements ParameterType {
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,19}");

    @Override
    public String expectation() {
      return "true or false";
    }

    @Override
    public Reading read(String given) {
      String lower = given.toLowerCase(Locale.ROOT);
      if (lower.equals("true") || lower.equals("false")) {
        return new Reading.Value(lower);
      }
      if (lower.isEmpty()) {
        return new Reading.Value("false");
      }
      if (NUMBER.matcher(lower).matches()) {
        boolean zero = new BigInteger(lower).signum() == 0;
        return new Reading.Value(zero ? "false" : "true");
      }
      return wrong(this, given);
    }
  }

  /**
   * A jailsys(9) choice. jail(8) also takes the bare name and the empty text, which are {@code
   * new}, and the kernel's numbers; {@code true} is {@code new} and {@code false} what comes
   * nearest to it, as jobs write {@code Vnet = true}.
   *
   * @param choices those of {@code disable}, {@code new} and {@code inherit} that the kernel takes
   *     for this parameter
   */
  record Choice(List<String> choices) implements ParameterType {
    /** The kernel's numbers are places in this list. */
    private static final List<String> NUMBERED = List.of("disable", "new", "inherit");

    /** Copies. */
    public Choice {
      choices = List.copyOf(choices);
    }

    @Override
    public String expectation() {
      List<String> quoted = choices.stream().map(choice -> "\"" + choice + "\"").toList();
      return String.join(", ", quoted.subList(0, quoted.size() - 1)) + " or " + quoted.getLast();
    }

    @Override
    public Reading read(String given) {
      String lower = given.toLowerCase(Locale.ROOT);
      String meant =
          switch (lower) {
            case "", "true" -> "new";
            case "false" -> choices.contains("disable") ? "disable" : "inherit";
            case "0", "1", "2" -> NUMBERED.get(lower.charAt(0) - '0');
            default -> lower;
          };
      return choices.contains(meant) ? new Reading.Value(meant) : wrong(this, given);
    }
  }

  /**
   * A whole number, in decimal.
   *
   * @param least the smallest that the kernel takes
   * @param most the largest
   * @param unit such as "seconds"; empty if it counts things, or is a name
   */
  record WholeNumber(BigInteger least, BigInteger most, String unit) implements ParameterType {
    private static final Pattern DECIMAL = Pattern.compile("[+-]?[0-9]{1,40}");
    private static final BigInteger INT_MAX = BigInteger.valueOf(Integer.MAX_VALUE);

    /** A number of the kernel's type {@code int} from a smallest one on. */
    static WholeNumber from(long least, String unit) {
      return new WholeNumber(BigInteger.valueOf(least), INT_MAX, unit);
    }

    /** A number between two, both included. */
    static WholeNumber between(long least, long most) {
      return new WholeNumber(BigInteger.valueOf(least), BigInteger.valueOf(most), "");
    }

    @Override
    public String expectation() {
      String of = unit.isEmpty() ? "" : " of " + unit;
      return "a whole number" + of + " from " + least + " to " + most;
    }

    @Override
    public Reading read(String given) {
      String stripped = given.strip();
      if (!DECIMAL.matcher(stripped).matches()) {
        return wrong(this, given);
      }
      BigInteger number = new BigInteger(stripped);
      return number.compareTo(least) < 0 || number.compareTo(most) > 0
          ? wrong(this, given)
          : new Reading.Value(number.toString());
    }
  }

  /**
   * Any text.
   *
   * @param mostBytes how many bytes of UTF-8 the kernel has room for; {@link #UNLIMITED} where it
   *     sets no limit, or the operator does
   * @param form what the text has to look like
   */
  record Text(int mostBytes, Optional<Form> form) implements ParameterType {
    /** No limit that is known here. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /**
     * A shape of texts.
     *
     * @param what as in "a version, such as 3.10.0"
     * @param pattern of the whole text
     */
    record Form(String what, Pattern pattern) {}

    /** Any text of so many bytes at most. */
    static Text of(int mostBytes) {
      return new Text(mostBytes, Optional.empty());
    }

    /** A text of a shape. */
    static Text of(int mostBytes, String what, String pattern) {
      return new Text(
          mostBytes, Optional.of(new Form(what, Pattern.compile(pattern, Pattern.DOTALL))));
    }

    @Override
    public String expectation() {
      String what = form.map(shape -> shape.what() + ",").orElse("text");
      return mostBytes == UNLIMITED
          ? form.map(Form::what).orElse("text")
          : what + " of at most " + mostBytes + " bytes";
    }

    @Override
    public Reading read(String given) {
      int bytes = given.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > mostBytes) {
        return new Reading.Wrong("takes " + expectation() + ", but " + bytes + " are given");
      }
      return form.isEmpty() || form.get().pattern().matcher(given).matches()
          ? new Reading.Value(given)
          : wrong(this, given);
    }
  }

  /** The path of a file or directory of the host, from the root on. */
  record FilePath() implements ParameterType {
    /** {@code MAXPATHLEN} without its NUL. */
    static final int MOST_BYTES = 1023;

    @Override
    public String expectation() {
      return "an absolute path";
    }

    @Override
    public Reading read(String given) {
      int bytes = given.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > MOST_BYTES) {
        return new Reading.Wrong(
            "takes a path of at most " + MOST_BYTES + " bytes, but " + bytes + " are given");
      }
      return given.startsWith("/") ? new Reading.Value(given) : wrong(this, given);
    }
  }

  /**
   * IP addresses, each alone or as {@code interface|address/mask parameters}, of which jail(8)
   * makes an alias by ifconfig(8).
   *
   * @param family which
   */
  record Addresses(Family family) implements ParameterType {
    /** How many a jail may have: {@code security.jail.jail_max_af_ips}. */
    static final int MOST = 255;

    /** A version of the Internet Protocol. */
    public enum Family {
      /** IPv4. */
      IPV4("an IPv4 address", IpVersion.V4),
      /** IPv6. */
      IPV6("an IPv6 address", IpVersion.V6);

      private final String called;
      private final IpVersion version;

      Family(String called, IpVersion version) {
        this.called = called;
        this.version = version;
      }
    }

    @Override
    public String expectation() {
      return family.called + ", or \"interface|address/mask\"";
    }

    @Override
    public Reading read(String given) {
      if (given.isBlank()) {
        return wrong(this, given);
      }
      try {
        JailAddress.parse(family.version, given.strip());
        return new Reading.Value(given.strip());
      } catch (InvalidValueException wrong) {
        return new Reading.Wrong("is no address: " + String.join("; ", wrong.problems()));
      }
    }
  }

  /** A command line, run as jail(8) runs it: see {@link HookCommand}. */
  record CommandLine() implements ParameterType {
    @Override
    public String expectation() {
      return "a command";
    }

    @Override
    public Reading read(String given) {
      try {
        HookCommand.parse(given);
        return new Reading.Value(given);
      } catch (IllegalArgumentException wrong) {
        return wrong(this, given);
      }
    }
  }

  /** A line of fstab(5): what, where on the host, type and options; see {@link FstabLine}. */
  record Mount() implements ParameterType {
    @Override
    public String expectation() {
      return "a line of fstab(5), such as \"/data /jail/data nullfs ro\"";
    }

    @Override
    public Reading read(String given) {
      try {
        FstabLine.parse(given);
        return new Reading.Value(given);
      } catch (InvalidValueException wrong) {
        return new Reading.Wrong(
            "takes " + expectation() + ": " + String.join("; ", wrong.problems()));
      }
    }
  }

  private static Reading wrong(ParameterType type, String given) {
    return new Reading.Wrong(
        "takes " + type.expectation() + ", but " + Shown.text(given) + " is given");
  }
}
