package io.gaol.jail;

/** What Linux makes of one value of a parameter. Nothing is dropped in silence. */
public sealed interface LinuxVerdict {
  /**
   * It is carried out, and means what it means on FreeBSD.
   *
   * @param how by what Linux has
   */
  record Native(String how) implements LinuxVerdict {}

  /**
   * It is carried out by other means, and a person should know the difference.
   *
   * @param how by what Linux has
   * @param difference what is not as on FreeBSD
   */
  record Emulated(String how, String difference) implements LinuxVerdict {}

  /**
   * There is nothing to do: every jail on Linux is so.
   *
   * @param why it is so
   */
  record AlreadySo(String why) implements LinuxVerdict {}

  /**
   * It is refused: Linux cannot, or must not.
   *
   * @param reason with what to do instead
   */
  record Refused(String reason) implements LinuxVerdict {}

  /** Whether a jail may have it on Linux today. */
  default boolean honoured() {
    return switch (this) {
      case Native n -> true;
      case Emulated e -> true;
      case AlreadySo a -> true;
      case Refused r -> false;
    };
  }
}
