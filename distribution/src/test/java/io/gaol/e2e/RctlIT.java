package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.gaol.e2e.Command.Outcome;
import io.gaol.e2e.GaolJob.Running;
import io.gaol.jail.RctlAction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules of rctl(8): a program goes over the amount and gets what the rule says. */
@RequiresLinuxRoot
class RctlIT {
  private static final String OWN_SYSTEM_V =
      "Sysvmsg = \"new\"\nSysvsem = \"new\"\nSysvshm = \"new\"\n";

  @RegisterExtension private final Workplace work = new Workplace();

  private static String rules(String... rules) {
    return "rctl_rules = ["
        + Stream.of(rules).map(JobText::quoted).collect(Collectors.joining(", "))
        + "]\n";
  }

  private GaolJob job(String config, String script) {
    return work.job(JobText.jail(config + JobText.shell(script)));
  }

  private Outcome run(String rule, String script) {
    return job(rules(rule), script).run();
  }

  /** A script that becomes a program of perl(1), in which there is no single quote. */
  private static String perl(String program) {
    return "exec perl -e '" + program + "'";
  }

  private static void assertMatched(Outcome outcome, String rule) {
    assertThat(outcome.stderr())
        .as(outcome.toString())
        .containsPattern("rctl: rule \"jail:task-[0-9a-f]{8}:" + rule + "\" matched");
  }

  private static int matches(String text) {
    return text.split("rctl: rule ", -1).length - 1;
  }

  // ---- one case for each resource that is denied

  /**
   * A program that takes one more than it may.
   *
   * @param rule what is denied
   * @param config more of the task's
   * @param script what it runs
   * @param said what it finds out
   * @param told whether an event tells that the limit was reached
   */
  record Denied(String rule, String config, String script, String said, boolean told) {
    @Override
    public String toString() {
      return rule;
    }
  }

  static List<Denied> denied() {
    return List.of(
        new Denied(
            "openfiles:deny=100/process",
            "",
            perl(
                "while (open(my $h, q(<), q(/dev/null))) { push @f, $h }"
                    + " print scalar(@f), qq( $!\\n); sleep 3"),
            "97 Too many open files",
            true),
        new Denied(
            "vmemoryuse:deny=1G/process",
            "",
            "perl -e '$n = 1 << 31; $x = q(a) x $n; print qq(had\\n)'; echo $?",
            "Out of memory",
            false),
        new Denied(
            "datasize:deny=100M/process",
            "",
            "perl -e '$n = 200 << 20; $x = q(a) x $n; print qq(had\\n)'; echo $?",
            "Out of memory",
            false),
        new Denied(
            "stacksize:deny=512K/process",
            "",
            // What a program is given may be a quarter of its stack: execve(2).
            "/bin/true $(seq 1 40000)",
            "Argument list too long",
            false),
        new Denied(
            "memorylocked:deny=64K/process",
            "Allow_mlock = true\n",
            perl(
                "$b = q(x) x (1 << 20); $a = unpack(q(Q), pack(q(p), $b));"
                    + " print syscall(149, $a, 32 << 10), q( ), syscall(149, $a, 1 << 20),"
                    + " qq( $!\\n)"),
            "0 -1 Cannot allocate memory",
            false),
        new Denied(
            "maxproc:deny=5",
            "",
            perl(
                "while (defined(my $p = fork)) { if (!$p) { sleep 4; exit } $n++ }"
                    + " print qq($n $!\\n); sleep 3"),
            "4 Resource temporarily unavailable",
            true),
        new Denied(
            "nthr:deny=5",
            "",
            "exec perl -Mthreads -e '"
                + "while (my $t = threads->create(sub { sleep 4 })) { $n++ }"
                + " print qq(had $n\\n); sleep 3; threads->exit()'",
            "had 4",
            true),
        new Denied(
            "pseudoterminals:deny=4",
            "",
            perl(
                "while (open(my $h, q(+<), q(/dev/ptmx))) { push @f, $h }"
                    + " print scalar(@f), qq( $!\\n); sleep 3"),
            "4 No space left on device",
            true),
        new Denied(
            "nmsgq:deny=2",
            OWN_SYSTEM_V,
            perl("while (defined msgget(0, 0600)) { $n++ } print qq($n $!\\n); sleep 3"),
            "2 No space left on device",
            true),
        new Denied(
            "nsem:deny=5",
            OWN_SYSTEM_V,
            perl(
                "print defined semget(0, 5, 0600) ? 1 : 0, defined semget(0, 1, 0600) ? 1 : 0,"
                    + " qq( $!\\n); sleep 3"),
            "10 No space left on device",
            true),
        new Denied(
            "nsemop:deny=8",
            OWN_SYSTEM_V,
            perl(
                "$s = semget(0, 20, 0600); $o = pack(q(s!3), 0, 1, 0);"
                    + " print semop($s, $o x 8) ? 1 : 0, semop($s, $o x 9) ? 1 : 0, qq( $!\\n)"),
            "10 Argument list too long",
            false),
        new Denied(
            "nshm:deny=3",
            OWN_SYSTEM_V,
            perl("while (defined shmget(0, 4096, 0600)) { $n++ } print qq($n $!\\n); sleep 3"),
            "3 No space left on device",
            true),
        new Denied(
            "shmsize:deny=32K",
            OWN_SYSTEM_V,
            perl("while (defined shmget(0, 16384, 0600)) { $n++ } print qq($n $!\\n); sleep 3"),
            "2 No space left on device",
            true));
  }

  @Execution(CONCURRENT)
  @ParameterizedTest
  @MethodSource("denied")
  void whatGoesOverItsAmountIsRefusedToIt(Denied denied) {
    Outcome outcome = job(rules(denied.rule()) + denied.config(), denied.script()).run();

    assertThat(outcome.stdout() + outcome.stderr()).contains(denied.said());
    assertThat(outcome.stdout()).doesNotContain("| had\n");
    if (denied.told()) {
      assertMatched(outcome, denied.rule());
      assertThat(matches(outcome.stderr())).as("once").isEqualTo(1);
    }
  }

  @Test
  void aQueueTakesItsPartOfTheBytesOfAllQueues() {
    Outcome outcome =
        job(
                rules("nmsgq:deny=2", "msgqsize:deny=8K") + OWN_SYSTEM_V,
                perl(
                    "$q = msgget(0, 0600);"
                        + " while (msgsnd($q, pack(q(l! a1000), 1, q(x)), 2048)) { $n++ }"
                        + " print qq($n $!\\n)"))
            .run();

    assertThat(outcome.stdout()).isEqualTo("task | 4 Resource temporarily unavailable\n");
    assertThat(outcome.stderr()).contains("msgqsize: Linux limits each queue, to 4096 bytes");
  }

  @Test
  void aCoreDumpIsNoGreaterThanItMayBe() {
    Outcome outcome =
        run(
            "coredumpsize:deny=64K/process",
            "cd /local; perl -e 'kill 11, $$'; stat -c '%n %s' *; ulimit -c");

    assertThat(outcome.stdout()).endsWith("task | 128\n");
    assertThat(outcome.stdout().lines().filter(line -> line.contains("core")))
        .allMatch(line -> line.endsWith(" 65536"));
  }

  @Test
  void moreMemoryThanAmountKillsTheProgramAndTheTaskSaysWhy() {
    Outcome outcome =
        run("memoryuse:deny=40M", perl("$n = 100 << 20; $x = q(a) x $n; print qq(had\\n)"));

    assertThat(outcome.status()).isEqualTo(137);
    assertThat(outcome.stderr()).containsPattern("out of memory(:|, likely:) killed");
    assertMatched(outcome, "memoryuse:deny=40M");
    assertThat(outcome.stdout()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"400, memoryuse:deny=40M, 40M", "40, memoryuse:deny=1G, 40M"})
  void ofTheJobsMemoryAndTheRulesTheLessHolds(int memory, String rule, String limit) {
    Outcome outcome =
        work.job(
                JobText.task(
                    "jail-task-driver",
                    "config {\n"
                        + rules(rule)
                        + JobText.shell(
                            perl(
                                "$x = q(a) x (20 << 20); print qq(20\\n); $n = 100 << 20;"
                                    + " $y = q(b) x $n; print qq(120\\n)"))
                        + "}\nresources { memory = "
                        + memory
                        + " }"))
            .run();

    assertThat(outcome.status()).as(limit).isEqualTo(137);
    assertThat(outcome.stdout()).doesNotContain("120");
    assertThat(matches(outcome.stderr()))
        .as("a rule that is never reached says nothing")
        .isEqualTo(memory == 40 ? 0 : 1);
  }

  @Test
  void swapIsBesideTheMemory() throws IOException {
    Path limits = Path.of("/sys/fs/cgroup/memory");
    assumeTrue(Files.exists(limits.resolve("memory.memsw.limit_in_bytes")), "version 1 with swap");
    Running running =
        job(rules("swapuse:deny=10M", "memoryuse:deny=50M"), "echo ready; sleep 600").start();
    running.awaitLine("task | ready");
    List<Path> groups =
        Leftovers.entries(limits).stream()
            .filter(group -> group.getFileName().toString().startsWith("gaol-task-"))
            .filter(group -> work.left().contains("cgroup " + group))
            .toList();

    assertThat(groups).hasSize(1);
    assertThat(Files.readString(groups.getFirst().resolve("memory.memsw.limit_in_bytes")))
        .isEqualTo((60 << 20) + "\n");
    running.signal("INT").await();
  }

  // ---- time and rates

  @Test
  void theProgramThatUsesTheTimeOfAllProcessesIsSignalledAndNotTheShell() {
    Outcome outcome = run("cputime:sigterm=1", "perl -e '1 while 1'; echo ended with $?");

    assertThat(outcome.stdout()).contains("ended with 143");
    assertMatched(outcome, "cputime:sigterm=1");
    assertThat(outcome.stderr()).containsPattern("SIGTERM sent to pid [0-9]+ \\(perl\\)");
  }

  @Test
  void theTimeOfEachProcessIsTheKernels() {
    Outcome outcome =
        job(
                rules("cputime:sigxcpu=1/process", "cputime:sigkill=2/process"),
                perl("$SIG{XCPU} = sub { syswrite STDOUT, qq(xcpu\\n) }; 1 while 1"))
            .run();

    assertThat(outcome.stdout()).startsWith("task | xcpu\n");
    assertThat(outcome.status()).isEqualTo(137);
    assertMatched(outcome, "cputime:sigxcpu=1/process");
    assertThat(outcome.stderr()).doesNotContain("sent to");
  }

  @Test
  void whenTheTimeIsUpEveryProcessIsSignalled() {
    Outcome outcome = run("wallclock:sigterm=1", "sleep 600 & sleep 600");

    assertThat(outcome.status()).isEqualTo(143);
    assertMatched(outcome, "wallclock:sigterm=1");
    assertThat(outcome.stderr()).contains("SIGTERM sent to every process");
  }

  @Test
  void aShareOfACpuIsNotExceeded() {
    // Half a second of work takes two and a half at a fifth, or more; never less than two.
    Outcome outcome =
        run(
            "pcpu:deny=20",
            perl(
                "use Time::HiRes qw(time); $t = time; do { 1 for 1..10000; @t = times }"
                    + " while $t[0] + $t[1] < 0.5; print time - $t > 2 ? 1 : 0, qq(\\n)"));

    assertThat(outcome.stdout()).isEqualTo("task | 1\n");
    assertMatched(outcome, "pcpu:deny=20");
  }

  @ParameterizedTest
  @CsvSource({
    "writebps:throttle=1M, of=/local/x if=/dev/zero oflag=direct",
    "writeiops:throttle=10, of=/local/x if=/dev/zero oflag=direct",
    "readbps:throttle=1M, if=/local/x of=/dev/null iflag=direct",
    "readiops:throttle=10, if=/local/x of=/dev/null iflag=direct",
  })
  void readsAndWritesAreSlowedDown(String rule, String streams) throws IOException {
    assumeTrue(isOnDisk(work.directory()), "where the test works is on no disk");
    String blocks = " bs=128k count=24 status=none";
    // 24 blocks are 3 MiB: 3 s, or 2.4 s of 10 operations each, and whatever else it takes.
    Outcome outcome =
        run(
            rule,
            (rule.startsWith("read")
                    ? "dd if=/dev/zero of=/local/x oflag=direct" + blocks + "; "
                    : "")
                + "s=$(date +%s%N); dd "
                + streams
                + blocks
                + "; e=$(date +%s%N); echo $(((e - s) / 1000000000))");

    assertThat(outcome.stdout()).matches("task \\| ([2-9]|[0-9]{2,})\n");
    assertMatched(outcome, rule);
  }

  private static boolean isOnDisk(Path path) throws IOException {
    long device = (Long) Files.getAttribute(path, "unix:dev");
    return (device >>> 8 & 0xfff) != 0;
  }

  @Test
  void whatIsOnNoDiskIsNotSlowedDownButRefused() throws IOException {
    Path memory = SmallDisk.mount(work.directory(), "size=8m");
    GaolJob job = job(rules("writebps:throttle=1M"), "echo ran");

    assertThat(job.in(memory).run().stderr())
        .contains("all that the jail can write is in memory; leave the rule out");

    String layers = work.directory() + "/layers";
    Outcome outcome =
        job.in(Path.of(layers + "/all"))
            .afterMounting(
                "mkdir -p %1$s/low %1$s/up %1$s/work %1$s/all; mount -t overlay overlay -o"
                        .formatted(layers)
                    + " lowerdir=%1$s/low,upperdir=%1$s/up,workdir=%1$s/work %1$s/all"
                        .formatted(layers))
            .run();
    assertThat(outcome.stderr())
        .contains("has none for ")
        .contains("(overlay); put it on a file system of a disk");
    assertThat(outcome.stdout()).isEmpty();
    assertThat(Command.of(Path.of("/bin/umount"), memory.toString()).run().status()).isZero();
  }

  // ---- log, and signals

  @Test
  void logTellsOnceAndDoesNothingElse() {
    Outcome outcome =
        run("memoryuse:log=20M", perl("$x = q(a) x (30 << 20); sleep 4; print qq(had\\n)"));

    assertThat(outcome.stdout()).isEqualTo("task | had\n");
    assertThat(outcome.status()).isZero();
    assertMatched(outcome, "memoryuse:log=20M");
    assertThat(matches(outcome.stderr())).isEqualTo(1);
  }

  static Stream<RctlAction> signals() {
    Set<RctlAction> refused = EnumSet.of(RctlAction.SIGEMT, RctlAction.SIGINFO, RctlAction.SIGTHR);
    return Arrays.stream(RctlAction.values())
        .filter(RctlAction::isSignal)
        .filter(action -> !refused.contains(action));
  }

  @Execution(CONCURRENT)
  @ParameterizedTest
  @MethodSource("signals")
  void eachSignalArrives(RctlAction action) {
    String signal = action.name().substring("SIG".length());
    boolean caught = action != RctlAction.SIGKILL && action != RctlAction.SIGSTOP;
    String program =
        (caught ? "$SIG{%s} = sub { print qq(got $_[0]\\n); exit 3 }; ".formatted(signal) : "")
            + "for (1..30) { open($f[$_], q(<), q(/dev/null)) or die } sleep 9 while 1";
    // The main process has these blocked until it unblocks them; a child of a shell has not.
    boolean ofTerminals =
        EnumSet.of(RctlAction.SIGTSTP, RctlAction.SIGTTIN, RctlAction.SIGTTOU).contains(action);
    Running running =
        job(
                rules("openfiles:" + action.keyword() + "=20"),
                ofTerminals ? "perl -e '" + program + "'; exit $?" : perl(program))
            .start();
    if (action == RctlAction.SIGSTOP) {
      Workplace.await(
          "the program stopped",
          () ->
              work.processes().stream()
                  .anyMatch(
                      process ->
                          Proc.status(process, "Name").equals("perl")
                              && Proc.status(process, "State").startsWith("T")));
      running.signal("INT").signal("INT").await();
      return;
    }
    Outcome outcome = running.await();

    assertThat(outcome.status()).as(outcome.toString()).isEqualTo(caught ? 3 : 137);
    assertThat(outcome.stdout()).isEqualTo(caught ? "task | got " + signal + "\n" : "");
    assertMatched(outcome, "openfiles:" + action.keyword() + "=20");
  }

  @Test
  void aSignalForTooMuchMemoryKillsTheProgramAndNotTheShellThatWaits() {
    Outcome outcome =
        run(
            "memoryuse:sigkill=30M",
            "sleep 600 & perl -e '$x = q(a) x (50 << 20); sleep 600'; echo ended with $?;"
                + " kill $!");

    assertThat(outcome.stdout()).contains("ended with 137");
    assertThat(outcome.status()).isZero();
    assertMatched(outcome, "memoryuse:sigkill=30M");
  }

  @Test
  void aStartCommandThatIsKilledEndsTheJailAsItsShellIsNotTheTarget() {
    Outcome outcome =
        work.job(
                JobText.jail(
                    rules("memoryuse:sigkill=30M")
                        + "Exec_start = "
                        + JobText.quoted("perl -e '$x = q(a) x (50 << 20); sleep 600'")))
            .run();

    assertThat(outcome.status()).isEqualTo(137);
    assertThat(outcome.stderr()).containsPattern("exec.start command 1 \"perl .*\" failed");
    assertThat(outcome.stderr()).containsPattern("SIGKILL sent to pid [0-9]+ \\((perl|sh)\\)");
  }

  @Execution(CONCURRENT)
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "datasize:log=30M | $x = q(a) x (50 << 20)",
        "stacksize:log=1 | 1",
        "vmemoryuse:log=30M/process | $x = q(a) x (50 << 20)",
        "maxproc:log=1 | fork",
        "nthr:log=1 | fork",
        "pseudoterminals:log=0 | open($h, q(+<), q(/dev/ptmx))",
        "nmsgq:log=0 | msgget(0, 0600)",
        "nsem:log=4 | semget(0, 5, 0600)",
        "nshm:log=0 | shmget(0, 4096, 0600)",
        "shmsize:log=4K | shmget(0, 8192, 0600)",
        "msgqsize:log=5 | msgsnd(msgget(0, 0600), pack(q(l! a10), 1, q(x)), 0)",
        "msgqqueued:log=0 | msgsnd(msgget(0, 0600), pack(q(l! a10), 1, q(x)), 0)",
        "pcpu:log=5 | $e = time + 4; 1 while time < $e",
        "cputime:log=0/process | $e = time + 3; 1 while time < $e",
        "wallclock:log=1/process | sleep 3",
      })
  void theUseOfEachResourceIsSeen(String rule, String program) {
    Outcome outcome =
        job(rules(rule) + OWN_SYSTEM_V, perl(program + "; sleep 4; print qq(had\\n)")).run();

    assertThat(outcome.stdout()).contains("| had\n");
    assertMatched(outcome, rule);
  }

  // ---- several, and refusals

  @Test
  void severalRulesHoldAtOnce() {
    Outcome outcome =
        job(
                rules("maxproc:deny=3", "openfiles:deny=50", "memoryuse:log=10M", "nshm:deny=1")
                    + OWN_SYSTEM_V,
                perl(
                    "while (defined(my $p = fork)) { if (!$p) { sleep 5; exit } $n++ } print $n;"
                        + " while (open(my $h, q(<), q(/dev/null))) { push @f, $h }"
                        + " print q( ), scalar(@f); $m++ while defined shmget(0, 4096, 0600);"
                        + " print qq( $m\\n); $x = q(a) x (20 << 20); sleep 4"))
            .run();

    assertThat(outcome.stdout()).isEqualTo("task | 2 47 1\n");
    assertMatched(outcome, "maxproc:deny=3");
    assertMatched(outcome, "openfiles:deny=50");
    assertMatched(outcome, "memoryuse:log=10M");
    assertMatched(outcome, "nshm:deny=1");
  }

  @Test
  void whatIsRunInTheJailLaterIsHeldToo() {
    Outcome outcome =
        work.job(
                JobText.jail(
                    rules("openfiles:deny=50")
                        + "Exec_stop = \"ulimit -n > /local/seen; cat /local/seen\"\n"
                        + JobText.shell(
                            "trap 'cat /local/seen; exit' TERM; echo ready;"
                                + " while :; do sleep 0.1; done")))
            .start()
            .awaitLine("task | ready")
            .signal("INT")
            .await();

    assertThat(outcome.stdout()).contains("task | 50\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "openfiles:deny=500/jail | write openfiles:deny=500/process, or leave /jail out",
        "memoryuse:devctl=1M | there is no devd(8) to tell",
        "memoryuse:sigthr=1M | Linux has no SIGTHR",
        "maxproc:deny=5/user | leave /user out",
        "memoryuse:deny=1M/process | RLIMIT_RSS has no effect on Linux",
        "msgqqueued:deny=5 | use msgqsize with nmsgq",
        "swapuse:log=1/loginclass | Linux has no login classes",
      })
  void whatCannotBeHadIsRefusedBeforeAnythingRuns(String rule, String reason) {
    Outcome outcome = run(rule, "echo ran");

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.stderr())
        .contains("the rctl rule \"" + rule + "\" cannot be had on Linux: ")
        .contains(reason);
    assertThat(work.left()).isEmpty();
  }

  @Test
  void aPlanSaysWhatIsHeldAndWhatIsLookedAtAndHowOften() {
    Outcome outcome =
        job(rules("openfiles:deny=500", "memoryuse:sigkill=64M"), "true").as("plan").run();

    assertThat(outcome.stdout())
        .contains("note: openfiles:deny=500: Linux holds each process to it, not the jail")
        .contains("while it runs, looked at every 1 s")
        .contains("memoryuse:sigkill=64M: SIGKILL to the process that uses most");
  }

  // ---- usage

  @Test
  void whatAJailUsesIsShownInRctlsNames() {
    Running running =
        job(
                OWN_SYSTEM_V,
                perl(
                    "$x = q(a) x (20 << 20); fork; for (1..30) { open($f[$_], q(<), q(/dev/null)) }"
                        + " shmget(0, 8192, 0600); syswrite STDOUT, qq(ready\\n); sleep 600"))
            .start();
    running.awaitLine("task | ready");
    GaolJob usage = GaolJob.usage(work, "task");
    Workplace.await("both", () -> usage.run().stdout().contains("openfiles=66\n"));
    Outcome outcome = usage.run();

    assertThat(outcome.stdout().lines().map(line -> line.replaceFirst("=[0-9]+$", "")))
        .containsExactly(
            ("cputime datasize stacksize memoryuse memorylocked maxproc openfiles vmemoryuse"
                    + " pseudoterminals swapuse nthr msgqqueued msgqsize nmsgq nsem nshm shmsize"
                    + " wallclock pcpu readbps writebps readiops writeiops")
                .split(" "));
    assertThat(outcome.stdout())
        .contains("maxproc=2\n", "nthr=2\n", "nshm=2\n", "shmsize=16384\n", "nsem=0\n")
        .containsPattern("memoryuse=[2-9][0-9]{7}\n");
    assertThat(GaolJob.usage(work, "task", "--human").run().stdout())
        .containsPattern("memoryuse=[2-9][0-9]M\n");
    assertThat(GaolJob.usage(work, "tusk").run().stderr())
        .containsPattern("no jail \"tusk\" runs below .*");
    running.signal("INT").await();
    assertThat(GaolJob.usage(work).run()).isEqualTo(new Outcome(0, "", ""));
  }
}
