package io.gaol.linux;

import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.engine.ResourceUse;
import io.gaol.jail.RctlResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResourceReaderTest {
  private static final Set<RctlResource> ALL = EnumSet.allOf(RctlResource.class);

  @TempDir Path root;
  private Path proc;

  @BeforeEach
  void aJailWithItsInitItsShellAndTwoProcesses() throws IOException {
    proc = root.resolve("proc");
    write(proc.resolve("uptime"), "1000.50 3000.00\n");
    process(10, 1, "catatonit", "catatonit\0--", 1, 90_000);
    process(11, 2, "sh", OciConfig.shellCommandLine() + "\0", 1, 90_000);
    process(12, 3, "hog", "hog\0", 4, 95_000);
    process(13, 7, "a) S (b", "odd\0", 1, 99_000);
    Files.createDirectories(proc.resolve("10/root/dev/pts"));
    for (String entry : List.of("0", "1", "ptmx")) {
      write(proc.resolve("10/root/dev/pts/" + entry), "");
    }
  }

  private void process(
      long number, long inJail, String name, String commandLine, int threads, long started)
      throws IOException {
    Path directory = proc.resolve(Long.toString(number));
    write(
        directory.resolve("stat"),
        number
            + " ("
            + name
            + ") S 1 1 1 0 -1 0 0 0 0 0 150 50 0 0 20 0 1 0 "
            + started
            + " 0 0\n");
    write(
        directory.resolve("status"),
        """
        Name:\t%s
        NSpid:\t%d\t%d
        VmSize:\t    2000 kB
        VmLck:\t       4 kB
        VmRSS:\t    %d kB
        VmData:\t     100 kB
        VmStk:\t     132 kB
        VmSwap:\t       8 kB
        Threads:\t%d
        """
            .formatted(name, number, inJail, number * 100, threads));
    write(directory.resolve("cmdline"), commandLine);
    write(directory.resolve("io"), "rchar: 1\nread_bytes: 4096\nwrite_bytes: 8192\n");
    write(directory.resolve("fd/0"), "");
    write(directory.resolve("fd/1"), "");
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Optional<ResourceUse> read(CgroupLayout layout, Set<RctlResource> wanted)
      throws IOException {
    return new ResourceReader(proc, layout, "g", Optional.of(10L), wanted).read(Map.of());
  }

  private CgroupLayout version2() throws IOException {
    Path group = root.resolve("v2/g");
    write(group.resolve("cgroup.procs"), "");
    write(group.resolve("task/cgroup.procs"), "10\n11\n12\n13\n14\n");
    write(group.resolve("cpu.stat"), "usage_usec 7000000\nnr_throttled 3\n");
    write(group.resolve("memory.current"), "900000\n");
    write(group.resolve("memory.stat"), "anon 1\ninactive_file 100000\n");
    write(group.resolve("memory.swap.current"), "4096\n");
    write(group.resolve("memory.events"), "low 0\nmax 9\noom 2\noom_kill 2\n");
    write(group.resolve("memory.swap.events"), "max 5\n");
    write(group.resolve("pids.events"), "max 0\n");
    write(group.resolve("task/pids.events"), "max 6\n");
    write(
        group.resolve("io.stat"),
        "254:0 rbytes=10 wbytes=20 rios=1 wios=2 dbytes=0\n7:0 rbytes=5 wbytes=0 rios=1 wios=0\n");
    return new CgroupLayout.Unified(root.resolve("v2"));
  }

  private CgroupLayout version1() throws IOException {
    Map<String, Path> hierarchies = new HashMap<>();
    for (String controller : List.of("memory", "cpu", "cpuacct", "pids", "blkio")) {
      hierarchies.put(controller, root.resolve(controller));
      write(root.resolve(controller + "/g/task/cgroup.procs"), "10\n11\n12\n13\n");
    }
    write(root.resolve("cpuacct/g/cpuacct.usage"), "7000000000\n");
    write(root.resolve("cpu/g/cpu.stat"), "nr_periods 9\nnr_throttled 3\n");
    Path memory = root.resolve("memory/g");
    write(memory.resolve("memory.usage_in_bytes"), "900000\n");
    write(memory.resolve("memory.stat"), "total_inactive_file 100000\ntotal_swap 4096\n");
    write(memory.resolve("memory.limit_in_bytes"), "1000000\n");
    write(memory.resolve("memory.max_usage_in_bytes"), "1000000\n");
    write(memory.resolve("memory.memsw.failcnt"), "5\n");
    write(memory.resolve("task/memory.oom_control"), "under_oom 0\noom_kill 2\n");
    write(root.resolve("pids/g/pids.events"), "max 0\n");
    write(root.resolve("pids/g/task/pids.events"), "max 6\n");
    Path blkio = root.resolve("blkio/g");
    write(
        blkio.resolve("blkio.throttle.io_service_bytes_recursive"),
        "254:0 Read 15\n254:0 Write 20\n254:0 Sync 35\nTotal 35\n");
    write(
        blkio.resolve("blkio.throttle.io_serviced_recursive"),
        "254:0 Read 2\n254:0 Write 2\n254:0 Sync 4\nTotal 4\n");
    return new CgroupLayout.Legacy(hierarchies, Optional.empty());
  }

  @Test
  void whatGrowsDuringALookIsSeenInItsProcessAndNotInTheJailAlone() throws Exception {
    CgroupLayout layout = version2();
    Path current = root.resolve("v2/g/memory.current");
    Files.delete(current);
    assertThat(new ProcessBuilder("mkfifo", current.toString()).start().waitFor()).isZero();
    Thread kernel =
        Thread.ofVirtual()
            .start(
                () -> {
                  // Opens when the reader does.
                  try (Writer writer = Files.newBufferedWriter(current, WRITE)) {
                    Path status = proc.resolve("12/status");
                    write(status, Files.readString(status).replace("1200 kB", "60000 kB"));
                    writer.write("62000000\n");
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
    ResourceUse use = read(layout, EnumSet.of(RctlResource.MEMORYUSE)).orElseThrow();
    kernel.join();
    assertThat(use.jail()).containsEntry(RctlResource.MEMORYUSE, 61_900_000L);
    assertThat(use.processes())
        .filteredOn(process -> process.pid() == 12)
        .first()
        .extracting(process -> process.used().get(RctlResource.MEMORYUSE))
        .isEqualTo(60_000L * 1024);
  }

  @Test
  void bothVersionsTellTheSameInRctlsNames() throws IOException {
    for (CgroupLayout layout : List.of(version2(), version1())) {
      ResourceUse use = read(layout, ALL).orElseThrow();

      assertThat(use.jail())
          .as(layout.toString())
          .isEqualTo(
              Map.ofEntries(
                  Map.entry(RctlResource.CPUTIME, 7_000_000L),
                  Map.entry(RctlResource.DATASIZE, 200L * 1024),
                  Map.entry(RctlResource.STACKSIZE, 264L * 1024),
                  Map.entry(RctlResource.MEMORYUSE, 800_000L),
                  Map.entry(RctlResource.MEMORYLOCKED, 8L * 1024),
                  Map.entry(RctlResource.MAXPROC, 2L),
                  Map.entry(RctlResource.OPENFILES, 4L),
                  Map.entry(RctlResource.VMEMORYUSE, 4000L * 1024),
                  Map.entry(RctlResource.PSEUDOTERMINALS, 2L),
                  Map.entry(RctlResource.SWAPUSE, 4096L),
                  Map.entry(RctlResource.NTHR, 5L),
                  Map.entry(RctlResource.WALLCLOCK, 100_500_000L),
                  Map.entry(RctlResource.PCPU, 7_000_000L),
                  Map.entry(RctlResource.READBPS, 15L),
                  Map.entry(RctlResource.WRITEBPS, 20L),
                  Map.entry(RctlResource.READIOPS, 2L),
                  Map.entry(RctlResource.WRITEIOPS, 2L)));
      assertThat(use.hits())
          .as(layout.toString())
          .isEqualTo(
              Map.of(
                  RctlResource.MEMORYUSE, 2L,
                  RctlResource.SWAPUSE, 5L,
                  RctlResource.PCPU, 3L,
                  RctlResource.MAXPROC, 6L,
                  RctlResource.NTHR, 6L));
    }
  }

  @Test
  void theJailsInitAndTheShellThatWaitsAreNotTheTasks() throws IOException {
    List<ResourceUse.OfProcess> processes = read(version2(), ALL).orElseThrow().processes();

    assertThat(processes)
        .extracting(ResourceUse.OfProcess::toString)
        .containsExactly("pid 12 (hog)", "pid 13 (a) S (b)");
    assertThat(processes).extracting(ResourceUse.OfProcess::main).containsExactly(true, false);
    assertThat(processes.getFirst().used())
        .isEqualTo(
            Map.ofEntries(
                Map.entry(RctlResource.CPUTIME, 2_000_000L),
                Map.entry(RctlResource.DATASIZE, 100L * 1024),
                Map.entry(RctlResource.STACKSIZE, 132L * 1024),
                Map.entry(RctlResource.MEMORYUSE, 1200L * 1024),
                Map.entry(RctlResource.MEMORYLOCKED, 4L * 1024),
                Map.entry(RctlResource.OPENFILES, 2L),
                Map.entry(RctlResource.VMEMORYUSE, 2000L * 1024),
                Map.entry(RctlResource.SWAPUSE, 8L * 1024),
                Map.entry(RctlResource.NTHR, 4L),
                Map.entry(RctlResource.WALLCLOCK, 50_500_000L),
                Map.entry(RctlResource.PCPU, 2_000_000L),
                Map.entry(RctlResource.READBPS, 4096L),
                Map.entry(RctlResource.WRITEBPS, 8192L)));
  }

  @Test
  void onVersion1AKillThatWentWithTheRuntimesGroupIsKnownByTheMostThatWasUsed() throws IOException {
    CgroupLayout layout = version1();
    try (Stream<Path> files = Files.walk(root.resolve("memory/g/task"))) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }

    assertThat(read(layout, ALL).orElseThrow().hits()).containsEntry(RctlResource.MEMORYUSE, 1L);

    write(root.resolve("memory/g/memory.max_usage_in_bytes"), "999999\n");

    assertThat(read(layout, ALL).orElseThrow().hits()).containsEntry(RctlResource.MEMORYUSE, 0L);
  }

  @Test
  void noMoreIsReadThanIsAskedFor() throws IOException {
    ResourceUse use = read(version2(), EnumSet.of(RctlResource.NTHR)).orElseThrow();

    assertThat(use.jail()).containsOnlyKeys(RctlResource.NTHR);
    assertThat(use.processes().getFirst().used()).containsOnlyKeys(RctlResource.NTHR);
    assertThat(use.hits()).containsOnlyKeys(RctlResource.NTHR);
  }

  @Test
  void whatIsNotThereOrDamagedIsNotTold() throws IOException {
    write(root.resolve("v2/g/cpu.stat"), "usage_usec x\n");
    write(root.resolve("v2/g/cgroup.procs"), "x\n99999\n\n");
    CgroupLayout layout = new CgroupLayout.Unified(root.resolve("v2"));

    ResourceUse use = read(layout, ALL).orElseThrow();

    assertThat(use.processes()).isEmpty();
    assertThat(use.jail())
        .doesNotContainKeys(RctlResource.CPUTIME, RctlResource.MEMORYUSE, RctlResource.SWAPUSE);
    assertThat(read(new CgroupLayout.Unified(root.resolve("none")), ALL)).isEmpty();
  }

  @Test
  void systemVObjectsAreCountedByTheirTables() {
    List<String> lines =
        """
               key      msqid perms      cbytes       qnum lspid lrpid   uid
                 0          0   600         100          3    11     0     0
                 0          1   600          50          1    11     0     0
               key      semid perms      nsems   uid   gid  cuid  cgid
                 0          0   600          7     0     0     0     0
               key      shmid perms                  size  cpid  lpid nattch
        """
            .lines()
            .toList();

    assertThat(ResourceReader.systemV(lines))
        .isEqualTo(
            Map.of(
                RctlResource.NMSGQ, 2L,
                RctlResource.MSGQQUEUED, 4L,
                RctlResource.MSGQSIZE, 150L,
                RctlResource.NSEM, 7L,
                RctlResource.NSHM, 0L,
                RctlResource.SHMSIZE, 0L));
    assertThat(ResourceReader.systemV(List.of())).isEmpty();
  }
}
