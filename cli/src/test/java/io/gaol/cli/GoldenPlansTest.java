package io.gaol.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.cli.job.Rehearsal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * What {@code gaol job plan --host freebsd:R} prints of each job of the examples, on the last
 * release that Gaol was tried on of each branch that it knows. A golden file has all that is
 * printed, errors first, once for the releases that agree. After a change that is meant, {@code
 * -Dgaol.golden.write=true} writes them anew, to be reviewed as below.
 *
 * <p><b>What is reviewed.</b> The order of jail(8), as its source's list of commands has it: {@code
 * exec.prepare}, the aliases of IPv4 and then of IPv6, {@code mount}, {@code mount.fstab}, devfs,
 * fdescfs, procfs, {@code exec.prestart}, the creation, {@code exec.created}, {@code zfs.dataset},
 * {@code vnet.interface}, {@code exec.start}, {@code command}, {@code exec.poststart}. At a stop
 * {@code exec.prestop}, {@code exec.stop}, the signal; then what jail(8) does too, {@code removal},
 * {@code exec.poststop}, the mounts and the aliases backwards, {@code exec.release}; but before the
 * removal what was made after the creation, for a jail that dies keeps its interfaces for a minute.
 * Each command, word for word: ifconfig(8) as jail(8) calls it ({@code inet A netmask
 * 255.255.255.255 alias}, {@code inet A/24 MORE alias}, {@code inet6 A prefixlen 128 alias}, and
 * {@code -alias} without the further words), {@code umount -ft TYPE DIR} of what was mounted for
 * somebody and {@code umount DIR} of devfs, fdescfs and procfs, {@code ifconfig IF vnet JAIL},
 * {@code rctl -a} of rules of the jail's name before it is there and {@code rctl -r jail:NAME}
 * after it is gone, {@code jail -f FILE -c NAME} and {@code jail -f FILE -r NAME}, each program
 * where hier(7) has it. In the jail.conf(5) are the kernel's parameters alone, {@code persist}, and
 * {@code stop.timeout = 0}; the addresses are bare.
 *
 * <p><b>What was seen</b>, by a person, file by file.
 *
 * <ul>
 *   <li>{@code seed-basic-jail}: three nullfs mounts of the task (not jail(8)'s), the rules of its
 *       memory, creation. {@code Persist} without commands: the script looks for the jail's end,
 *       and {@code persist} is true all the same. No address is asked for, and none is given.
 *       Undone: removal, rules, the mounts backwards, forced.
 *   <li>{@code seed-http-echo}: the alias comes first, with the netmask of one address, and goes
 *       last. {@code Exec_start} is the only command: it runs through jexec(8) in the script, after
 *       the creation. {@code jail.conf} has 192.168.1.102 without the interface. The rules are
 *       lower case, {@code vmemoryuse:deny=1G/process} with its {@code Per}.
 *   <li>{@code seed-vnet-example}, {@code seed-vnet-jail}: devfs with ruleset 4 after the task's
 *       mounts; poststop is owed before the first prestart; the hook that makes the interface runs
 *       before the creation, the interface moves after it, and {@code sh /etc/rc} runs after that,
 *       by {@code jexec -l} ({@code Exec_clean}). {@code vnet = new}, and no addresses. Backwards:
 *       the interface is taken back, then the removal, then both poststop hooks in their order
 *       (jib(8) destroys what it made), then a plain umount of devfs. With {@code Persist} the
 *       script looks for the jail, without it for its processes.
 *   <li>{@code seed-exec-sleep}, {@code seed-exec-my-binary}, {@code hello}, {@code limits}: no
 *       {@code Path}, so the mount points are made in the task's directory, the system's
 *       directories are mounted in it read-only, with {@code /libexec}, then the task's, then
 *       devfs. {@code jexec -U nobody} for {@code exec}, whose jail has the host's addresses and
 *       name. The program becomes the script's process. {@code limits}: its rule of {@code maxproc}
 *       in one call with those of memory; cpuset(1) with a list that is not empty, after the
 *       creation and before the jail goes on.
 *   <li>{@code http-echo}: as {@code hello}; the user of the job is that of the jail. The arguments
 *       are quoted for sh(1).
 *   <li>{@code seed-exec-artifact}: refused for its checksum, as on any host. {@code
 *       seed-exec-cap-add}, {@code seed-exec-cap-drop}: refused, for capabilities are Linux's.
 *   <li>{@code releases}: each release refuses what it does not know, 12.2 all but its first task;
 *       a module that brings a parameter is loaded before all else, as libjail does. On 15.1 every
 *       kind of step but {@code depend} and interfaces is in order: both versions of aliases (an
 *       interface of its own goes before {@code nic}), two mounts in the job's order, fdescfs after
 *       devfs, procfs last; hooks by chroot(8) as another user; created, cpuset, dataset before the
 *       jail goes on; timeout(1) with {@code --foreground} around each start command, none around
 *       the main process; backwards procfs, fdescfs, devfs plainly, tmpfs and nullfs forced, IPv6
 *       before IPv4, release last.
 * </ul>
 */
class GoldenPlansTest {
  private static final Path EXAMPLES = Path.of("../examples");
  private static final Path GOLDEN = Path.of("src/test/resources/golden-plans");
  private static final List<String> RELEASES = List.of("12.2", "13.5", "14.3", "15.1");

  static Stream<Path> jobs() throws IOException {
    try (Stream<Path> seeds = Files.list(EXAMPLES.resolve("seeds"));
        Stream<Path> examples = Files.list(EXAMPLES);
        Stream<Path> own = Files.list(GOLDEN)) {
      return Stream.of(seeds, examples, own)
          .flatMap(each -> each)
          .filter(file -> file.toString().endsWith(".nomad.hcl"))
          .sorted()
          .toList()
          .stream();
    }
  }

  private static Path golden(Path job) {
    String folder = job.getParent().getFileName().toString();
    String name = job.getFileName().toString().replace(".nomad.hcl", ".txt");
    return GOLDEN.resolve(folder.equals("seeds") ? "seed-" + name : name);
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void aJobIsPlannedForEachReleaseAsItsGoldenFileSays(Path job) throws IOException {
    String planned = planned(job);
    if (Boolean.getBoolean("gaol.golden.write")) {
      Files.writeString(golden(job), planned);
    }
    assertThat(planned).isEqualTo(Files.readString(golden(job)));
  }

  private static String planned(Path job) {
    Map<String, List<String>> releases =
        RELEASES.stream()
            .collect(
                Collectors.groupingBy(
                    release -> plan(job, release), LinkedHashMap::new, Collectors.toList()));
    StringBuilder text = new StringBuilder("gaol job plan --host freebsd:RELEASE " + job + "\n");
    releases.forEach(
        (plan, of) ->
            text.append("\n==== ").append(String.join(", ", of)).append('\n').append(plan));
    return text.toString();
  }

  private static String plan(Path job, String release) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    int status =
        new CommandLine(new JobCommand(terminal, Rehearsal.none()).spec())
            .execute("plan", "--host", "freebsd:" + release, job.toString());
    return err.toString(StandardCharsets.UTF_8).replace("a FreeBSD " + release, "a FreeBSD RELEASE")
        + out.toString(StandardCharsets.UTF_8)
        + (status == 0 ? "" : "exit status " + status + "\n");
  }

  /** Of the base system, by its whole path: what is not is a hook of the job's, without a "$". */
  private static final Set<String> PROGRAMS =
      Set.of(
          "/bin/sh",
          "/sbin/ifconfig",
          "/sbin/kldload",
          "/sbin/mount",
          "/sbin/umount",
          "/sbin/zfs",
          "/usr/bin/cpuset",
          "/usr/bin/rctl",
          "/usr/sbin/chroot",
          "/usr/sbin/jail");

  @ParameterizedTest
  @MethodSource("jobs")
  void whatAPlanRunsIsTheBaseSystems(Path job) throws IOException {
    Pattern command = Pattern.compile(" {8}(unless: |refused if: |if: )?\\$ (\\S+).*");
    assertThat(Files.readAllLines(golden(job)))
        .filteredOn(line -> command.matcher(line).matches())
        .extracting(line -> command.matcher(line).replaceAll("$2"))
        .allMatch(PROGRAMS::contains);
  }

  @Test
  void everyGoldenFileHasItsJob() throws IOException {
    List<Path> expected = jobs().map(GoldenPlansTest::golden).toList();
    try (Stream<Path> files = Files.list(GOLDEN)) {
      assertThat(files.filter(file -> file.toString().endsWith(".txt")))
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }
}
