package io.gaol.freebsd;

import io.gaol.engine.Step;
import io.gaol.engine.Undo;
import io.gaol.jail.JailParameters;
import java.nio.file.Path;
import java.util.List;

/**
 * What a jail has mounted itself: nobody unmounts it when the jail goes, and the jail stays dying
 * as long as it is mounted.
 */
final class MountsOfJail {
  /** Prints what is mounted below a root: source, place and type. */
  private static final String LIST =
      """
      list() {
        %s -p | while read -r source place type rest; do
          case $place in "$1"/*) echo "$source $place $type" ;; esac
        done
      }
      """
          .formatted(BaseSystem.MOUNT);

  private static final String NOTE = LIST + "list \"$1\" >\"$2\"\n";

  /** The last first: it may be mounted below another. */
  private static final String UNMOUNT =
      LIST
          + """
          [ -f "$2" ] || exit 0
          list "$1" >"$2.now" || exit 1
          reverse=
          while read -r line; do
            %s -qxF -e "$line" "$2" || reverse="$line
          $reverse"
          done <"$2.now"
          printf %%s "$reverse" >"$2.now"
          status=0
          while read -r source place type; do
            %s -f "$place" || status=1
          done <"$2.now"
          exit "$status"
          """
              .formatted(BaseSystem.GREP, BaseSystem.UMOUNT);

  private MountsOfJail() {}

  /** Nothing for a jail that may mount nothing. */
  static List<Step> steps(JailParameters parameters, Path root, Path task) {
    if (!parameters.flag("allow.mount").orElse(false)) {
      return List.of();
    }
    String what = "a list of what is mounted before the jail can mount";
    return List.of(
        new Step.Make(
            what,
            List.of(),
            true,
            script(NOTE, "mount -p", root, task),
            new Undo.Unmake(
                "what the jail has mounted",
                List.of(),
                script(UNMOUNT, "umount -f what the jail has mounted", root, task))));
  }

  private static List<String> script(String text, String called, Path root, Path task) {
    return List.of(
        BaseSystem.SH,
        "-c",
        text,
        called,
        root.toString(),
        task.resolve(FreeBsdPlaces.MOUNTED).toString());
  }
}
