package io.gaol.freebsd;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;

/**
 * Which process a number means. The kernel counts the start from the boot, and tells it by the
 * clock: both move when the clock is set, and what is between them does not.
 *
 * @param pid its number
 * @param started by the clock, in seconds since 1970: ps(1)'s {@code lstart}
 * @param booted by the clock of the same moment: {@code kern.boottime}
 * @param boot which boot it was, whatever the clock said since
 */
record ProcessIdentity(long pid, long started, long booted, String boot) {
  private static final DateTimeFormatter LSTART =
      DateTimeFormatter.ofPattern("EEE_MMM_d_HH:mm:ss_yyyy", Locale.ROOT);

  /** Both are told in whole seconds. */
  private static final long ROUNDED = 2;

  /**
   * Reads {@code PID LSTART BOOTED BOOT}.
   *
   * @return empty if it is none
   */
  static Optional<ProcessIdentity> parse(String identity) {
    String[] words = identity.split(" ");
    if (words.length != 4 || !(words[0] + words[2]).matches("[0-9]{1,36}")) {
      return Optional.empty();
    }
    try {
      long started = LocalDateTime.parse(words[1], LSTART).toEpochSecond(ZoneOffset.UTC);
      return Optional.of(
          new ProcessIdentity(
              Long.parseLong(words[0]), started, Long.parseLong(words[2]), words[3]));
    } catch (DateTimeParseException | NumberFormatException none) {
      return Optional.empty();
    }
  }

  /**
   * sh(1) text that defines {@code identity}, which prints the identity of the process {@code $1}.
   *
   * @param booted as of now
   * @param boot the file that says which boot it is
   */
  static String function(long booted, Path boot) {
    return """
        identity() {
          started=$(LC_ALL=C TZ=UTC %s -o lstart= -p "$1") && [ -n "$started" ] || return 1
          set -- "$1" $started
          read -r boot <%s || boot=%3$d
          echo "$1 $2_$3_$4_$5_$6 %3$d $boot"
        }
        """
        .formatted(BaseSystem.PS, boot, booted);
  }

  /**
   * As {@link #function} prints it.
   *
   * @param lstart of ps(1), in the C locale and UTC
   */
  static String text(long pid, String lstart, long booted, String boot) {
    return pid + " " + lstart.strip().replaceAll("\\s+", "_") + " " + booted + " " + boot;
  }

  /** Whether both mean the same process: of the same boot, started as long after it. */
  boolean is(ProcessIdentity other) {
    long apart = Math.abs((started - booted) - (other.started - other.booted));
    return pid == other.pid && boot.equals(other.boot) && apart <= ROUNDED;
  }
}
