package io.gaol.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.engine.WatchedRule;
import io.gaol.jail.Bytes;
import io.gaol.jail.CapabilityChanges;
import io.gaol.jail.Environment;
import io.gaol.jail.JailName;
import io.gaol.jail.JailParameters;
import io.gaol.jail.JailSpec;
import io.gaol.jail.RctlRule;
import io.gaol.jail.RctlSubject;
import io.gaol.jail.Resources;
import io.gaol.linux.RctlOnLinux.Means.Group.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JailLimitsTest {
  private static final CgroupLayout V2 = new CgroupLayout.Unified(Path.of("/sys/fs/cgroup"));
  private static final CgroupLayout V1 =
      new CgroupLayout.Legacy(
          Map.of(
              "memory", Path.of("/cg/memory"),
              "cpu", Path.of("/cg/cpu"),
              "blkio", Path.of("/cg/blkio"),
              "pids", Path.of("/cg/pids")),
          Optional.empty());
  private static final LimitFacts.Disk DISK = new LimitFacts.Disk(Path.of("/srv"), 254, 0, true);

  private CgroupLayout cgroups = V2;
  private boolean swapLimits = true;
  private JailParameters parameters = JailParameters.NONE;
  private boolean sharesIpc;
  private Resources resources = Resources.UNLIMITED;
  private List<LimitFacts.Disk> disks = List.of(DISK);
  private List<String> withoutDisk = List.of();
  private boolean raisesLimits = true;
  private Optional<Set<String>> controllers = Optional.of(Set.of("cpu", "io", "memory", "pids"));
  private final List<String> problems = new ArrayList<>();

  private Optional<JailLimits> plan(String... rules) {
    problems.clear();
    Path root = Path.of("/srv/web");
    JailSpec spec =
        new JailSpec(
            new JailName("web"),
            parameters,
            List.of("/bin/true"),
            Environment.EMPTY,
            Optional.empty(),
            "/",
            new JailSpec.Root.Directory(root),
            List.of(),
            List.of(),
            resources,
            Stream.of(rules).map(RctlRule::parse).toList(),
            sharesIpc,
            CapabilityChanges.NONE);
    LinuxFacts facts =
        new LinuxFacts(
            "amd64",
            true,
            cgroups,
            swapLimits,
            2,
            Optional.empty(),
            Optional.empty(),
            NetworkFacts.UNUSED,
            new LinuxFacts.JailFacts(
                List.of(),
                root,
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                true,
                Map.of(),
                Asked.nothing("6.1.0")),
            new LimitFacts(
                Map.of("RLIMIT_NOFILE", 20_000L),
                raisesLimits,
                4096,
                controllers,
                disks,
                withoutDisk));
    return JailLimits.of(spec, facts, problems);
  }

  private JailLimits limits(String... rules) {
    Optional<JailLimits> limits = plan(rules);
    assertThat(problems).isEmpty();
    return limits.orElseThrow();
  }

  private String refusal(String... rules) {
    assertThat(plan(rules)).isEmpty();
    return String.join("\n", problems);
  }

  private static Resources memory(long bytes) {
    return new Resources(
        Optional.of(new Bytes(bytes)),
        Optional.empty(),
        OptionalLong.empty(),
        List.of(),
        OptionalLong.empty());
  }

  // ---- each process

  @ParameterizedTest
  @CsvSource({
    "datasize, RLIMIT_DATA",
    "stacksize, RLIMIT_STACK",
    "coredumpsize, RLIMIT_CORE",
    "memorylocked, RLIMIT_MEMLOCK",
    "openfiles, RLIMIT_NOFILE",
    "vmemoryuse, RLIMIT_AS",
  })
  void whatOnlyEachProcessIsHeldToIsSoWithANoteUnlessTheRuleInsistsOnTheJail(
      String resource, String type) {
    OptionalLong amount = OptionalLong.of(1024);
    JailLimits.Rlimit limit = new JailLimits.Rlimit(amount, amount);

    assertThat(limits(resource + ":deny=1K/process").rlimits()).isEqualTo(Map.of(type, limit));
    assertThat(limits(resource + ":deny=1K/process").notes()).isEmpty();
    assertThat(limits(resource + ":deny=1K").rlimits()).isEqualTo(Map.of(type, limit));
    assertThat(limits(resource + ":deny=1K").notes())
        .singleElement()
        .asString()
        .contains("Linux holds each process to it, not the jail as a whole");
    assertThat(refusal(resource + ":deny=1K/jail"))
        .startsWith("the rctl rule \"" + resource + ":deny=")
        .contains("/jail\" cannot be had on Linux: Linux holds each process to it")
        .contains("/process, or leave /jail out");
  }

  @Test
  void theLeastHoldsWhereRulesMeet() {
    OptionalLong amount = OptionalLong.of(300);
    assertThat(limits("openfiles:deny=500", "openfiles:deny=300/process").rlimits())
        .isEqualTo(Map.of("RLIMIT_NOFILE", new JailLimits.Rlimit(amount, amount)));
    assertThat(limits("maxproc:deny=10", "nthr:deny=20").tasks()).hasValue(11);
    assertThat(limits("maxproc:deny=30", "nthr:deny=20").tasks()).hasValue(21);
  }

  @Test
  void twoRulesThatDenyTheSameAreRefusedAsTheKernelWouldForgetOneAndOneRuleTwiceIsOne() {
    assertThat(refusal("maxproc:deny=10", "maxproc:deny=20")).contains("deny the same");
    assertThat(limits("maxproc:deny=10", "maxproc:deny=10/jail").tasks()).hasValue(11);
  }

  @Test
  void aLimitAboveOursIsRefusedWhereItCannotBeRaised() {
    raisesLimits = false;

    assertThat(refusal("openfiles:deny=20001/process"))
        .contains("RLIMIT_NOFILE of Gaol itself is 20000 at most")
        .contains("CAP_SYS_RESOURCE");
    assertThat(limits("openfiles:deny=20000/process").rlimits()).hasSize(1);

    raisesLimits = true;

    assertThat(limits("openfiles:deny=20001/process").rlimits()).hasSize(1);
  }

  @Test
  void cpuTimeOfAProcessIsTheKernelsWhereTheSignalIsThatOfTheLimit() {
    JailLimits limits = limits("cputime:sigxcpu=2/process", "cputime:sigkill=5/process");

    assertThat(limits.rlimits())
        .isEqualTo(
            Map.of("RLIMIT_CPU", new JailLimits.Rlimit(OptionalLong.of(2), OptionalLong.of(5))));
    assertThat(limits.watched()).extracting(WatchedRule::by).containsOnly(WatchedRule.By.KERNEL);

    limits = limits("cputime:sigterm=2/process", "cputime:sigkill=5");

    assertThat(limits.rlimits()).isEmpty();
    assertThat(limits.watched()).extracting(WatchedRule::by).containsOnly(WatchedRule.By.WATCH);
    assertThat(limits.watched())
        .extracting(WatchedRule::per)
        .containsExactly(RctlSubject.PROCESS, RctlSubject.JAIL);
  }

  // ---- the group

  @Test
  void memoryIsTheLessOfTheJobsAndTheRules() {
    resources = memory(100 << 20);

    JailLimits limits = limits("memoryuse:deny=64M");
    assertThat(limits.memory()).contains(new Bytes(64 << 20));
    assertThat(limits.watched()).hasSize(1);

    limits = limits("memoryuse:deny=1G");
    assertThat(limits.memory()).contains(new Bytes(100 << 20));
    assertThat(limits.watched()).as("is never reached").isEmpty();
    assertThat(limits.notes()).anyMatch(note -> note.contains("is less, and holds"));
  }

  @Test
  void swapIsBesideTheMemoryAndVersion1HasItWithMemoryOnly() {
    resources = memory(100 << 20);
    assertThat(limits("swapuse:deny=10M").memoryAndSwap()).contains(new Bytes(110 << 20));

    resources = Resources.UNLIMITED;
    assertThat(limits("swapuse:deny=10M").swap()).contains(new Bytes(10 << 20));

    cgroups = V1;
    assertThat(refusal("swapuse:deny=10M")).contains("limits memory and swap together; set memory");
    assertThat(limits("swapuse:deny=10M", "memoryuse:deny=64M").memoryAndSwap())
        .contains(new Bytes(74 << 20));

    swapLimits = false;
    assertThat(refusal("swapuse:deny=10M", "memoryuse:deny=64M"))
        .contains("does not account for swap");
  }

  @Test
  void aCeilingAboveAllCpusIsNone() {
    assertThat(limits("pcpu:deny=150").cpuPercent()).hasValue(150);
    assertThat(limits("pcpu:deny=150").watched()).hasSize(1);
    assertThat(limits("pcpu:deny=200").cpuPercent()).isEmpty();
    assertThat(limits("pcpu:deny=200").watched()).isEmpty();
    assertThat(limits("pcpu:deny=9000000000000").cpuPercent()).isEmpty();
  }

  @Test
  void ratesAreThoseOfTheDisksOfTheJail() {
    assertThat(limits("writebps:throttle=1M", "readiops:throttle=20").rates())
        .isEqualTo(Map.of(Kind.WRITE_BYTES, 1L << 20, Kind.READ_OPERATIONS, 20L));

    withoutDisk = List.of("/srv/web (overlay)");
    assertThat(refusal("writebps:throttle=1M"))
        .contains("has none for /srv/web (overlay); put it on a file system of a disk");

    withoutDisk = List.of();
    disks = List.of();
    assertThat(refusal("readbps:throttle=1M")).contains("all that the jail can read is in memory");
    disks = List.of(new LimitFacts.Disk(Path.of("/usr"), 254, 0, false));
    assertThat(refusal("writebps:throttle=1M"))
        .contains("all that the jail can write is in memory");
    assertThat(limits("readbps:throttle=1M").rates()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "memoryuse:deny=64M, memory, memory",
    "swapuse:deny=64M, memory, ''",
    "maxproc:deny=5, pids, pids",
    "nthr:deny=5, pids, pids",
    "pcpu:deny=50, cpu, cpu",
    "readbps:throttle=1M, io, blkio",
  })
  void aControllerThatIsNotThereIsNamed(String rule, String v2, String v1) {
    controllers = Optional.of(Set.of("hugetlb"));
    assertThat(refusal(rule))
        .isEqualTo(
            "the limit needs the cgroup controller \""
                + v2
                + "\", which this kernel does not offer");
    cgroups = new CgroupLayout.Legacy(Map.of("devices", Path.of("/cg/d")), Optional.empty());
    if (!v1.isEmpty()) {
      assertThat(refusal(rule))
          .isEqualTo("the limit needs the cgroup controller \"" + v1 + "\", which is not mounted");
    }
  }

  // ---- System V

  @Test
  void systemVObjectsAreLimitedInTheJailsOwnNamespace() {
    assertThat(
            limits(
                    "nmsgq:deny=4",
                    "msgqsize:deny=10K",
                    "nsem:deny=20",
                    "nsemop:deny=8",
                    "nshm:deny=5",
                    "shmsize:deny=33000")
                .sysctls())
        .isEqualTo(
            Map.of(
                "kernel.msgmni", "4",
                "kernel.msgmnb", "2560",
                "kernel.sem", "32000\t20\t8\t32000",
                "kernel.shmmni", "5",
                "kernel.shmall", "8",
                "kernel.shmmax", "33000"));
    assertThat(limits("nsemop:deny=8/process").sysctls())
        .isEqualTo(Map.of("kernel.sem", "32000\t1024000000\t8\t32000"));
    assertThat(limits("nshm:deny=1G").sysctls()).isEqualTo(Map.of("kernel.shmmni", "32768"));
    assertThat(refusal("msgqsize:deny=10K")).contains("add nmsgq:deny");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nshm:deny=5", "nsem:deny=5", "nmsgq:deny=5", "nsemop:deny=5"})
  void systemVObjectsThatAreTheHostsAreNotLimited(String rule) {
    parameters = JailParameters.NONE.with("sysvshm", List.of("inherit"));
    assertThat(refusal(rule)).contains("the jail shares the host's System V objects");

    parameters = JailParameters.NONE;
    sharesIpc = true;
    assertThat(refusal(rule)).contains("the jail shares the host's System V objects");
  }

  // ---- what cannot be

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "memoryuse:devctl=1M | there is no devd(8) to tell; use log",
        "memoryuse:sigemt=1M | Linux has no SIGEMT",
        "memoryuse:siginfo=1M | Linux has no SIGINFO",
        "memoryuse:sigthr=1M | Linux has no SIGTHR",
        "maxproc:deny=5/user | leave /user out",
        "maxproc:log=5/user | leave /user out",
        "maxproc:deny=5/loginclass | Linux has no login classes",
        "memoryuse:deny=1M/process | RLIMIT_RSS has no effect on Linux",
        "maxproc:deny=5/process | each process is one process",
        "nthr:deny=5/process | leave /process out",
        "pcpu:deny=50/process | leave /process out",
        "readbps:throttle=1M/process | throttles control groups, not processes",
        "msgqqueued:deny=5 | use msgqsize with nmsgq",
        "coredumpsize:log=5 | it does not tell the use of core dump size; use deny",
        "nsemop:sigterm=5 | it does not tell the use of",
        "maxproc:sigterm=5/process | it does not tell each process's processes",
        "readiops:log=5/process | leave /process out",
        "memoryuse:deny=0 | no process would run with it",
        "maxproc:deny=0 | no process would run with it",
        "pcpu:deny=0 | no process would run with it",
      })
  void whatCannotBeHadIsRefusedWithItsReason(String rule, String reason) {
    assertThat(refusal(rule))
        .startsWith("the rctl rule \"" + rule + "\" cannot be had on Linux: ")
        .contains(reason);
  }

  @Test
  void everyProblemIsToldAtOnce() {
    plan("memoryuse:devctl=1M", "maxproc:deny=5/user", "msgqqueued:deny=5");

    assertThat(problems).hasSize(3);
  }
}
