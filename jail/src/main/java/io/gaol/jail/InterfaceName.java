package io.gaol.jail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The name of a network interface of the host, such as {@code em0} or {@code epair0b}: ifconfig(8).
 *
 * @param value 1 to 15 bytes, none of them a blank, {@code |}, {@code /} or a comma, which mean
 *     something beside it, nor a {@code -} at the beginning, which ifconfig(8) would take for an
 *     option
 */
public record InterfaceName(String value) {
  /** {@code IFNAMSIZ} without the NUL behind a name, on FreeBSD and Linux. */
  public static final int MAXIMUM_BYTES = 15;

  private static final Pattern FORBIDDEN = Pattern.compile("[\\s\\p{Cntrl}|/,]");

  /**
   * Checks.
   *
   * @throws InvalidValueException if {@code value} is not such a name
   */
  public InterfaceName {
    List<String> problems = new ArrayList<>();
    if (value.isEmpty()) {
      problems.add("the name of an interface is missing");
    } else if (FORBIDDEN.matcher(value).find() || value.startsWith("-")) {
      problems.add(
          "\""
              + value
              + "\" is not the name of an interface, such as em0 or epair0b: it has no"
              + " blank, \"|\", \"/\" or comma, and no \"-\" in front");
    } else if (value.getBytes(StandardCharsets.UTF_8).length > MAXIMUM_BYTES) {
      problems.add(
          "the name of an interface has at most "
              + MAXIMUM_BYTES
              + " bytes, but \""
              + value
              + "\" has "
              + value.getBytes(StandardCharsets.UTF_8).length);
    }
    InvalidValueException.throwIfAny(problems);
  }

  @Override
  public String toString() {
    return value;
  }
}
