package io.gaol.freebsd;

import io.gaol.engine.Step;
import io.gaol.engine.Undo;
import io.gaol.jail.InterfaceName;
import io.gaol.jail.JailName;
import java.nio.file.Path;
import java.util.List;

/**
 * An interface that moves into a jail with a network stack of its own. A jail that dies would keep
 * it for a minute: it comes back before. Whoever is in the jail may have given it another name; its
 * link-level address says which one it is, unless it has none yet, as a new ng_eiface(4). No other
 * interface of the jail is touched: those that were made in it go with it.
 */
final class HandedInInterface {
  /** Arguments: the jail, the interface, the file that keeps its link-level address. */
  private static final String MOVE =
      """
      about=$(%1$s "$2") || exit
      printf '%%s\\n' "$about" | %2$s -n 's/^[[:space:]]*ether \\([0-9a-fA-F:]*\\).*/\\1/p' >"$3" || exit
      exec %1$s "$2" vnet "$1"
      """
          .formatted(BaseSystem.IFCONFIG, BaseSystem.SED);

  /**
   * The same arguments. Without the file it never moved, and without the jail it is back. One that
   * is not found was destroyed.
   */
  private static final String TAKE_BACK =
      """
      [ -e "$3" ] || exit 0
      %3$s -j "$1" jid >/dev/null 2>&1 || exit 0
      %1$s "$2" -vnet "$1" 2>/dev/null && exit 0
      %1$s "$2" >/dev/null 2>&1 && exit 0
      read -r ether <"$3"
      inside() { %1$s -j "$@" 2>/dev/null || { jail=$1; shift; %2$s "$jail" %1$s "$@" 2>/dev/null; }; }
      case $ether in '' | 00:00:00:00:00:00) exit 0 ;; esac
      for name in $(inside "$1" -l); do
        case $(inside "$1" "$name") in
          *"ether $ether"*) exec %1$s "$name" -vnet "$1" ;;
        esac
      done
      """
          .formatted(BaseSystem.IFCONFIG, BaseSystem.JEXEC, BaseSystem.JLS);

  private HandedInInterface() {}

  /**
   * Moves it, after the jail's creation.
   *
   * @param task the task's directory
   */
  static Step step(InterfaceName name, JailName jail, Path task) {
    String what = "interface " + name + " in the jail";
    Path ether = task.resolve("ether." + name);
    return new Step.Make(
        what,
        List.of(),
        true,
        script(MOVE, "vnet", name, jail, ether),
        new Undo.Unmake(what, List.of(), script(TAKE_BACK, "-vnet", name, jail, ether)));
  }

  private static List<String> script(
      String text, String does, InterfaceName name, JailName jail, Path ether) {
    String called = String.join(" ", "ifconfig", name.toString(), does, jail.value());
    return List.of(
        BaseSystem.SH, "-c", text, called, jail.value(), name.toString(), ether.toString());
  }
}
