package io.gaol.e2e.plugin;

import static io.gaol.e2e.plugin.MappingCase.row;
import static io.gaol.e2e.plugin.MappingCase.with;
import static io.gaol.e2e.plugin.Stage.await;
import static io.gaol.e2e.plugin.Stage.shell;
import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Leftovers;
import io.gaol.jail.RctlResource;
import io.gaol.testing.host.DriverTask;
import java.util.ArrayList;
import java.util.List;

/** Cases of {@link LinuxMappingIT}: resources of rctl(8). */
final class RctlRows {
  private RctlRows() {}

  static List<MappingCase> rctlRefusals() {
    List<MappingCase> cases = new ArrayList<>();
    for (RctlResource resource : RctlResource.values()) {
      String name = resource.keyword();
      for (String subject : List.of("user", "loginclass")) {
        cases.add(
            row(
                    name,
                    "/" + subject + " is refused",
                    "rctl_rules",
                    List.of(name + ":log=1/" + subject))
                .isRefused(name, subject));
      }
      cases.add(
          row(name, "devctl is refused", "rctl_rules", List.of(name + ":devctl=1"))
              .isRefused(name, "devd"));
    }
    for (String signal : List.of("sigemt", "siginfo", "sigthr")) {
      cases.add(
          row("cputime", signal + " is refused", "rctl_rules", List.of("cputime:" + signal + "=1"))
              .isRefused(signal));
    }
    return cases;
  }

  /** How often a limit on CPU time has held a task up. */
  private static long held(DriverTask task) {
    return Leftovers.cgroups(name -> name.contains(task.id().substring(0, 8))).stream()
        .flatMap(group -> Leftovers.contents(group.resolve("cpu.stat")).lines())
        .filter(line -> line.startsWith("nr_throttled "))
        .mapToLong(line -> Long.parseLong(line.substring("nr_throttled ".length())))
        .sum();
  }

  /** Prints "slowly" if a command takes 2 s at least: a limit makes it take 3, a machine more. */
  private static String slowly(String command) {
    return "perl -MTime::HiRes=time -e '$t = time; system(q(%s 2>/dev/null)) == 0 or die; print time - $t > 2 ? q(slowly) : time - $t'"
        .formatted(command);
  }

  static List<MappingCase> rctl() {
    String grow = "perl -e '$x = q(x) x 100_000_000; print length $x' 2>&1 | tail -c 100";
    return List.of(
        row("cputime", "sigkill of a process", "rctl_rules", List.of("cputime:sigkill=1/process"))
            .prints("perl -e '1 while 1'; echo $?", "137.*"),
        row("cputime", "sigxcpu of a process", "rctl_rules", List.of("cputime:sigxcpu=1/process"))
            .prints("perl -e '$SIG{XCPU} = sub { print q(told); exit }; 1 while 1'", "told"),
        row(
                "cputime",
                "sigterm of the jail, by sampling",
                "rctl_rules",
                List.of("cputime:sigterm=1"))
            .prints("perl -e '$SIG{TERM} = sub { print q(told); exit }; 1 while 1'", "told"),
        row("datasize", "deny of a process", "rctl_rules", List.of("datasize:deny=60M/process"))
            .prints(grow, ".*[Oo]ut of memory.*"),
        row("datasize", "deny of the jail", "rctl_rules", List.of("datasize:deny=60M/jail"))
            .isRefused("datasize"),
        row(
                "datasize",
                "deny of nobody in particular is of each process, and says so",
                "rctl_rules",
                List.of("datasize:deny=60M"))
            .notes("datasize"),
        row("stacksize", "deny of a process", "rctl_rules", List.of("stacksize:deny=1M/process"))
            .prints(
                "x=$(head -c 100000 /dev/zero | tr '\\0' x); /bin/true $x $x $x 2>&1 | grep -o 'Argument list too long'",
                "Argument list too long"),
        row(
                "coredumpsize",
                "deny of a process",
                "rctl_rules",
                List.of("coredumpsize:deny=0/process"))
            .prints(
                "cd /local; ulimit -c unlimited 2>/dev/null; sh -c 'kill -SEGV $$' 2>/dev/null; ls core* 2>/dev/null || echo none",
                "(?s).*none"),
        row("memoryuse", "deny of the jail kills", "rctl_rules", List.of("memoryuse:deny=40M"))
            .checkedBy(
                (at, config) ->
                    assertThat(
                            at.task(with(config, shell("exec perl -e '$x = q(x) x 100_000_000'")))
                                .start()
                                .result()
                                .getOomKilled())
                        .isTrue()),
        row("memoryuse", "deny of a process", "rctl_rules", List.of("memoryuse:deny=40M/process"))
            .isRefused("memoryuse"),
        row(
                "memorylocked",
                "deny of a process",
                "Allow_mlock",
                true,
                "rctl_rules",
                List.of("memorylocked:deny=64K/process"))
            .prints(
                "perl -e '$m = q(x) x 1_000_000; print syscall(149,$m,4096), q( ), syscall(149,$m,500_000)'",
                "0 -1"),
        row("maxproc", "deny of the jail", "rctl_rules", List.of("maxproc:deny=10"))
            .prints(
                "perl -e 'for (1..20) { $p = fork; defined $p or print($!+0), exit; sleep 100 if !$p }'; kill -9 -1",
                "11.*"),
        row("nthr", "deny of the jail", "rctl_rules", List.of("nthr:deny=10"))
            .prints(
                "perl -e 'for (1..20) { $p = fork; defined $p or print($!+0), exit; sleep 100 if !$p }'; kill -9 -1",
                "11.*"),
        row("openfiles", "deny of a process", "rctl_rules", List.of("openfiles:deny=50/process"))
            .prints(
                "perl -e 'while (open $f[@f], q(<), q(/dev/null)) {} print $!+0, q( ), $#f'",
                "24 4\\d"),
        row("vmemoryuse", "deny of a process", "rctl_rules", List.of("vmemoryuse:deny=90M/process"))
            .prints(grow, ".*[Oo]ut of memory.*"),
        row("pseudoterminals", "deny of the jail", "rctl_rules", List.of("pseudoterminals:deny=2"))
            .prints(
                "perl -e 'while (open $f[@f], q(+<), q(/dev/ptmx)) {} print $!+0, q( ), $#f'",
                "28 2"),
        row("nmsgq", "deny of the jail", "sysvmsg", "new", "rctl_rules", List.of("nmsgq:deny=2"))
            .prints("perl -e 'print syscall(68,0,0x380) == -1 ? $!+0 : q(q) for 1..3'", "qq28"),
        row(
                "msgqsize",
                "deny with one queue",
                "sysvmsg",
                "new",
                "rctl_rules",
                List.of("nmsgq:deny=1", "msgqsize:deny=100"))
            .prints(
                "perl -e '$q = syscall(68,0,0x380); $m = pack(q(q),1) . q(x) x 90; print syscall(69,$q,$m,90,0x800), q( ), syscall(69,$q,$m,90,0x800) == -1 ? $!+0 : q(sent)'",
                "0 11"),
        row(
                "msgqsize",
                "deny without a number of queues",
                "sysvmsg",
                "new",
                "rctl_rules",
                List.of("msgqsize:deny=100"))
            .isRefused("msgqsize", "nmsgq"),
        row("msgqqueued", "deny", "sysvmsg", "new", "rctl_rules", List.of("msgqqueued:deny=1"))
            .isRefused("msgqqueued"),
        row("nsem", "deny of the jail", "sysvsem", "new", "rctl_rules", List.of("nsem:deny=10"))
            .prints("perl -e 'print syscall(64,0,11,0x380) == -1 ? $!+0 : q(made)'", "28|22"),
        row("nsemop", "deny", "sysvsem", "new", "rctl_rules", List.of("nsemop:deny=8"))
            .prints(
                "perl -e '$s = syscall(64,0,1,0x380); $o = pack(q(Sss),0,1,0) x 9; print syscall(65,$s,$o,8), q( ), syscall(65,$s,$o,9) == -1 ? $!+0 : q(done)'",
                "0 7"),
        row("nshm", "deny of the jail", "sysvshm", "new", "rctl_rules", List.of("nshm:deny=2"))
            .prints(
                "perl -e 'print syscall(29,0,4096,0x380) == -1 ? $!+0 : q(s) for 1..3'", "ss28"),
        row(
                "shmsize",
                "deny of the jail",
                "sysvshm",
                "new",
                "rctl_rules",
                List.of("shmsize:deny=32K"))
            .prints(
                "perl -e 'print syscall(29,0,16384,0x380) == -1 ? $!+0 : q(s) for 1..3'", "ss28"),
        row("wallclock", "sigterm", "rctl_rules", List.of("wallclock:sigterm=1"))
            .prints(
                "exec perl -e '$SIG{TERM} = sub { print q(told); exit }; sleep 1 while 1'", "told"),
        row("pcpu", "deny of the jail puts to sleep", "rctl_rules", List.of("pcpu:deny=20"))
            .checkedBy(
                (at, config) -> {
                  DriverTask task = at.task(with(config, shell("while :; do :; done"))).start();
                  await("a period in which it was held up", () -> held(task) > 0);
                  task.destroy();
                }),
        row(
                "swapuse",
                "deny beside memoryuse, or why not",
                "rctl_rules",
                List.of("memoryuse:deny=40M", "swapuse:deny=1M"))
            .checkedBy(
                (at, config) -> {
                  // Without a limit on the two together, what does not fit into memory would go to
                  // swap.
                  DriverTask task =
                      at.task(with(config, shell("exec perl -e '$x = q(x) x 100_000_000'")))
                          .start();
                  assertThat(task.result().getOomKilled()).isTrue();
                  task.destroy();
                }),
        row("writebps", "throttle of the jail", "rctl_rules", List.of("writebps:throttle=1M"))
            .prints(slowly("dd if=/dev/zero of=/local/f oflag=direct bs=256k count=12"), "slowly"),
        row("writeiops", "throttle of the jail", "rctl_rules", List.of("writeiops:throttle=10"))
            .prints(slowly("dd if=/dev/zero of=/local/f oflag=direct bs=4k count=30"), "slowly"),
        row("readbps", "throttle of the jail", "rctl_rules", List.of("readbps:throttle=1M"))
            .prints(
                "dd if=/dev/zero of=/local/f oflag=direct bs=256k count=12 2>/dev/null; "
                    + slowly("dd if=/local/f of=/dev/null iflag=direct bs=256k"),
                "slowly"),
        row("readiops", "throttle of the jail", "rctl_rules", List.of("readiops:throttle=10"))
            .prints(
                "dd if=/dev/zero of=/local/f oflag=direct bs=4k count=30 2>/dev/null; "
                    + slowly("dd if=/local/f of=/dev/null iflag=direct bs=4k"),
                "slowly"),
        row("pcpu", "deny of a process", "rctl_rules", List.of("pcpu:deny=30/process"))
            .isRefused("pcpu"),
        row(
                "readbps",
                "throttle of a process",
                "rctl_rules",
                List.of("readbps:throttle=1M/process"))
            .isRefused("readbps"),
        row(
                "writebps",
                "throttle of a process",
                "rctl_rules",
                List.of("writebps:throttle=1M/process"))
            .isRefused("writebps"),
        row(
                "readiops",
                "throttle of a process",
                "rctl_rules",
                List.of("readiops:throttle=10/process"))
            .isRefused("readiops"),
        row(
                "writeiops",
                "throttle of a process",
                "rctl_rules",
                List.of("writeiops:throttle=10/process"))
            .isRefused("writeiops"));
  }
}
