package io.gaol.freebsd;

import io.gaol.engine.ShellText;
import io.gaol.jail.HookCommand;
import io.gaol.jail.JailName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a supervisor runs for a jail: jail(8) makes it, jexec(8) runs in it what jail(8) would, and
 * the script becomes the main process, so that its end is the task's own. It tells on descriptor 3
 * how far it got: {@link io.gaol.engine.Progress}.
 *
 * @param name the jail's
 * @param task the task's directory
 * @param waits whether it waits for a word after the jail's creation
 * @param starts what runs in the jail first: {@code exec.start}
 * @param limit how long each of them may take: {@code exec.timeout}
 * @param main the main process; empty if there is none
 * @param staysEmpty whether a jail without a main process stays when it is empty: {@code persist}
 * @param killSignal what ends such a jail's stay, as SIGTERM does, without {@code SIG}
 * @param identityFunction of sh(1): {@link io.gaol.engine.Host#identityFunction}
 */
record JailScript(
    JailName name,
    Path task,
    boolean waits,
    List<HookCommand> starts,
    Optional<Duration> limit,
    List<String> main,
    boolean staysEmpty,
    String killSignal,
    String identityFunction) {
  /** Between SIGTERM and SIGKILL to a command whose time is over, in seconds. */
  private static final int GRACE = 5;

  /** Where jail(8) and login.conf(5) look for programs. */
  static final String PATH =
      "/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin:/root/bin";

  /**
   * Text for sh(1) that is read with {@code .} by whoever enters the jail: it puts before the
   * arguments what runs them in the jail. The variables are in a file, as arguments are for all to
   * see.
   *
   * @param variables of what runs in the jail
   * @param prefix jexec(8) and its arguments
   */
  static String enter(Map<String, String> variables, List<String> prefix) {
    StringBuilder text = new StringBuilder("unset GAOL_TASK GAOL_HOOK PWD OLDPWD\n");
    variables.forEach(
        (variable, value) ->
            text.append("export ")
                .append(variable)
                .append('=')
                .append(ShellText.word(value))
                .append('\n'));
    return text.append("set -- ").append(ShellText.line(prefix)).append(" \"$@\"\n").toString();
  }

  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        "# Gaol: makes the jail, runs in it what jail(8) would, becomes its main process.\n");
    text.append("name=").append(ShellText.word(name.value())).append('\n');
    text.append("cd ").append(ShellText.word(task.toString())).append(" || exit 1\n");
    text.append(identityFunction);
    text.append(
        """
        %s -q -f %s -c "$name" >runtime.log 2>&1 3>&- </dev/null || {
          status=$?
          : >%s
          echo "jail -c $name: exit status $status" >>runtime.log
          exit "$status"
        }
        echo created >&3
        """
            .formatted(BaseSystem.JAIL, FreeBsdPlaces.CONF, FreeBsdPlaces.NOT_CREATED));
    if (waits) {
      text.append("read -r word <").append(FreeBsdPlaces.GO).append(" || exit 1\n");
    }
    text.append("echo running >&3\n");
    if (!starts.isEmpty()) {
      text.append(startFunction());
      starts.forEach(start -> text.append(line(start)).append('\n'));
    }
    text.append("echo started >&3\n");
    if (main.isEmpty()) {
      text.append(keep());
    } else {
      text.append("set -- ").append(ShellText.line(main)).append('\n');
      text.append(". ./").append(FreeBsdPlaces.ENTER).append("\nexec \"$@\" 3>&-\n");
    }
    return text.toString();
  }

  private static String line(HookCommand start) {
    List<String> words = new ArrayList<>();
    words.add(start.background() ? "aside" : "start");
    words.addAll(start.arguments());
    return ShellText.line(words);
  }

  /**
   * In the foreground: what a sh(1) without job control starts behind an "&" has INT and QUIT
   * ignored. A plain timeout(1) would wait for daemons, and kill them. In a shell of its own, for
   * the task's variables are not the script's.
   */
  private String startFunction() {
    long seconds = limit.map(Duration::toSeconds).orElse(0L);
    String limiter =
        limit.isEmpty()
            ? ""
            : "%s --foreground -k %d %d ".formatted(BaseSystem.TIMEOUT, GRACE, seconds);
    String late =
        limit.isEmpty()
            ? ""
            : "case $status in 124 | 137) [ $(($(%2$s +%%s) - begun)) -lt %1$d ] || echo \"late $number %1$d\" >&3 ;; esac"
                .formatted(seconds, BaseSystem.DATE);
    return """
        number=0
        start() {
          number=$((number + 1)) begun=$(%s +%%s)
          (. ./%s; exec %s"$@" 3>&-)
          status=$?
          [ "$status" -ne 0 ] || return 0
          %s
          echo "failed $number" >&3
          exit "$status"
        }
        aside() {
          number=$((number + 1))
          (. ./%s; exec %s "$@" 3>&-)
        }
        """
        .formatted(
            BaseSystem.DATE,
            FreeBsdPlaces.ENTER,
            limiter,
            late,
            FreeBsdPlaces.ENTER,
            BaseSystem.DAEMON);
  }

  /**
   * Nothing tells of a jail's end on every release, so it is looked for, more and more seldom. Each
   * pause is a process of its own: a signal ends the wait for it.
   */
  private String keep() {
    String whilePersistent =
        """
        while [ "$stay" = 1 ]; do
          said=$(%s -j "$name" jid 2>&1) || case $said in *"not found"*) exit 0 ;; esac
          pause
        done
        seconds=1
        """
            .formatted(BaseSystem.JLS);
    return """
        stay=1 seconds=1 paused=
        pause() {
          %s "$seconds" </dev/null >/dev/null 2>&1 3>&- &
          paused=$!
          wait "$paused"
          [ "$seconds" -ge 10 ] || seconds=$((seconds + 1))
        }
        trap : HUP INT QUIT USR1 USR2 ALRM
        trap 'stay=0; kill $paused 2>/dev/null' TERM%s
        identity $$ >%s || exit 1
        exec 3>&-
        %swhile :; do
          %s -q -j "$name" . 2>/dev/null
          # Empty, or gone: anything else is no answer.
          case $? in 1 | 2) break ;; esac
          pause
        done
        """
        .formatted(
            BaseSystem.SLEEP,
            Set.of("KILL", "TERM").contains(killSignal) ? "" : " " + ShellText.word(killSignal),
            FreeBsdPlaces.KEEPER,
            staysEmpty ? whilePersistent : "",
            BaseSystem.PGREP);
  }
}
