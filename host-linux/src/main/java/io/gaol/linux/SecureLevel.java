package io.gaol.linux;

import io.gaol.jail.JailParameters;
import io.gaol.linux.LinuxFacts.DeviceNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code securelevel} as a promise that is checked: Linux has no levels, but what each of them
 * forbids (security(7)) must be impossible in the jail by what it may do and what devices it has.
 */
final class SecureLevel {
  /** Memory, ports and the kernel's memory: mem(4). */
  private static final int MEMORY_MAJOR = 1;

  private static final Set<Integer> MEMORY_MINORS = Set.of(1, 2, 4);

  private SecureLevel() {}

  /**
   * What of a jail breaks the promise of its level.
   *
   * @param capabilities that its root has
   * @param devices that it has, beside the standard ones
   * @return in words; empty if the promise holds, or none is made
   */
  static List<String> broken(
      JailParameters parameters,
      Collection<String> capabilities,
      Collection<? extends DeviceNode> devices) {
    Optional<Long> level = parameters.number("securelevel").filter(number -> number > 0);
    if (level.isEmpty()) {
      return List.of();
    }
    List<String> broken = new ArrayList<>();
    for (Forbidden forbidden : Forbidden.values()) {
      if (level.get() >= forbidden.from && capabilities.contains(forbidden.capability)) {
        broken.add(text(level.get(), forbidden.what, forbidden.remedy));
      }
    }
    for (DeviceNode device : devices) {
      if (device.type() == 'b') {
        broken.add(
            text(
                level.get(),
                "that a disk is written to",
                "the block device " + device.major() + ":" + device.minor() + " is one: drop it"));
      } else if (device.major() == MEMORY_MAJOR && MEMORY_MINORS.contains(device.minor())) {
        broken.add(
            text(
                level.get(),
                "that the machine's memory is written to",
                "the device " + device.major() + ":" + device.minor() + " is that: drop it"));
      }
    }
    return broken;
  }

  private static String text(long level, String what, String remedy) {
    return "securelevel = \"" + level + "\" forbids " + what + "; " + remedy;
  }

  /** What a level forbids, and the capability that would make it possible. */
  private enum Forbidden {
    FLAGS(
        1,
        "CAP_LINUX_IMMUTABLE",
        "that the system's flags of files are taken away",
        "drop allow.chflags"),
    MODULES(1, "CAP_SYS_MODULE", "that modules of the kernel are loaded", "drop that capability"),
    PORTS(1, "CAP_SYS_RAWIO", "that the machine's ports are used", "drop that capability"),
    ADMINISTRATION(1, "CAP_SYS_ADMIN", "what that capability allows", "drop that capability"),
    CLOCK(2, "CAP_SYS_TIME", "that the clock is set", "drop that capability"),
    FIREWALL(
        3,
        "CAP_NET_ADMIN",
        "that rules of a packet filter are changed, as in a vnet",
        "drop vnet, or use level 2");

    private final int from;
    private final String capability;
    private final String what;
    private final String remedy;

    Forbidden(int from, String capability, String what, String remedy) {
      this.from = from;
      this.capability = capability;
      this.what = what;
      this.remedy = remedy;
    }
  }
}
