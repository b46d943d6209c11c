package io.gaol.linux;

import io.gaol.jail.JailParameters;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** What {@code host.hostid} and {@code host.hostuuid} are on Linux: files of /etc. */
final class HostIdentity {
  /** Where both are. */
  static final Path ETC = Path.of("/etc");

  private static final BigInteger MOST = BigInteger.ONE.shiftLeft(32).subtract(BigInteger.ONE);
  private static final String UUID = "[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}";

  private HostIdentity() {}

  /**
   * A file that a jail has for its own.
   *
   * @param name in /etc
   * @param hexadecimal its bytes
   */
  record EtcFile(String name, String hexadecimal) {
    Path path() {
      return ETC.resolve(name);
    }
  }

  /** What cannot be had of what is asked, in words. */
  static List<String> problems(JailParameters parameters) {
    List<String> problems = new ArrayList<>();
    parameters
        .value("host.hostid")
        .map(BigInteger::new)
        .filter(number -> number.compareTo(MOST) > 0)
        .ifPresent(
            number ->
                problems.add(
                    "host.hostid = \""
                        + number
                        + "\" cannot be had on Linux: /etc/hostid holds 32 bits; the most is "
                        + MOST));
    parameters
        .value("host.hostuuid")
        .filter(text -> !text.toLowerCase(Locale.ROOT).matches(UUID))
        .ifPresent(
            text ->
                problems.add(
                    "host.hostuuid = \""
                        + text
                        + "\" cannot be had on Linux: /etc/machine-id holds a UUID, such as"
                        + " 6f9619ff-8b86-d011-b42d-00c04fc964ff"));
    return problems;
  }

  /** The files of parameters that have no {@link #problems}. */
  static List<EtcFile> files(JailParameters parameters) {
    List<EtcFile> files = new ArrayList<>();
    parameters
        .value("host.hostid")
        .map(BigInteger::new)
        .ifPresent(
            number ->
                files.add(
                    new EtcFile(
                        "hostid",
                        // gethostid(3) reads it in the order of the machine's bytes.
                        HexFormat.of().toHexDigits(Integer.reverseBytes(number.intValue())))));
    parameters
        .value("host.hostuuid")
        .ifPresent(
            text ->
                files.add(
                    new EtcFile(
                        "machine-id",
                        HexFormat.of()
                            .formatHex(
                                (text.toLowerCase(Locale.ROOT).replace("-", "") + "\n")
                                    .getBytes(StandardCharsets.US_ASCII)))));
    return files;
  }
}
