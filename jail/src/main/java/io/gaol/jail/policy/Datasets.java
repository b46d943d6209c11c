package io.gaol.jail.policy;

import java.util.regex.Pattern;

/** Names of ZFS datasets: zfs(8), "NAMES". */
final class Datasets {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z][A-Za-z0-9_.:-]*(/(?!\\.\\.?(/|$))[A-Za-z0-9_.: -]+)*");

  private Datasets() {}

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** Whether a dataset, or a snapshot, is a dataset or below it. */
  static boolean isBelow(String given, String dataset) {
    String name = given.replaceFirst("@.*", "");
    return isName(name) && (name + "/").startsWith(dataset + "/");
  }
}
