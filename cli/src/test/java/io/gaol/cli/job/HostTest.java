package io.gaol.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gaol.cli.language.JobInput;
import io.gaol.jail.BindMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a job asks of its host: attributes and volumes. */
class HostTest {
  private static final Map<String, String> LINUX =
      Map.of(
          "attr.kernel.name", "linux",
          "attr.kernel.version", "6.8.0",
          "attr.release", "6.8.0-45-generic",
          "attr.cpu.numcores", "8",
          "attr.tags", "a, b,c",
          "node.class", "");

  @TempDir Path folder;

  private Job parse(String text) throws JobException, IOException {
    Path file = folder.resolve("job.hcl");
    Files.writeString(file, text);
    return JobParser.parse(JobInput.of(file.toString(), Map.of()));
  }

  private Job constrained(String constraint) throws JobException, IOException {
    return parse(
        "job \"j\" {\nconstraint {\n"
            + constraint.replace("; ", "\n")
            + "\n}\ngroup \"g\" {\ntask \"t\" { driver = \"exec\" }\n}\n}\n");
  }

  // ---- constraints

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          attribute = "${attr.kernel.name}"; value = "linux"                              | true
          attribute = "${attr.kernel.name}"; value = "freebsd"                            | false
          attribute = "linux"; value = "${attr.kernel.name}"                              | true
          attribute = "${attr.kernel.name}"; operator = "!="; value = "freebsd"           | true
          attribute = "${attr.none}"; operator = "!="; value = "x"                        | true
          attribute = "${attr.none}"; value = "x"                                         | false
          attribute = "${attr.cpu.numcores}"; operator = ">="; value = "10"               | false
          attribute = "${attr.cpu.numcores}"; operator = "<"; value = "10"                | true
          attribute = "${attr.cpu.numcores}"; operator = ">"; value = "7.5"               | true
          attribute = "${attr.kernel.name}"; operator = "<"; value = "m"                  | true
          attribute = "${attr.kernel.name}"; regexp = "^lin"                              | true
          attribute = "${attr.kernel.name}"; regexp = "^in"                               | false
          attribute = "${attr.tags}"; set_contains = "c,a"                                | true
          attribute = "${attr.tags}"; set_contains = "c,d"                                | false
          attribute = "${attr.tags}"; set_contains_any = "d, b"                           | true
          attribute = "${attr.kernel.version}"; version = ">= 5.4"                        | true
          attribute = "${attr.kernel.name}"; version = ">= 5.4"                           | false
          attribute = "${attr.kernel.version}"; semver = "< 6.8"                          | false
          attribute = "${attr.kernel.name}"; operator = "is_set"                          | true
          attribute = "${meta.rack}"; operator = "is_set"                                 | false
          attribute = "${meta.rack}"; operator = "is_not_set"                             | true
          distinct_hosts = true                                                           | true
          """)
  void aConstraintIsMetOrNotByWhatTheHostHas(String constraint, boolean met)
      throws JobException, IOException {
    assertThat(new ConstraintCheck(LINUX).unmet(constrained(constraint).constraints()).isEmpty())
        .isEqualTo(met);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          attribute = "${attr.kernel.name}"; value = "freebsd"  | This host does not meet ${attr.kernel.name} = freebsd. It has "linux".
          attribute = "${attr.kernel.nam}"; value = "linux"     | It has no attr.kernel.nam. Did you mean "attr.kernel.name"?
          attribute = "${attr.release}"; version = ">= 5"       | It has "6.8.0-45-generic", a pre-release to this operator
          attribute = "${attr.kernel.version}"; version = "6.x" | "6.x" is no condition on versions
          """)
  void anUnmetConstraintIsToldWithItsPlaceAndWhatTheHostHas(String constraint, String message)
      throws JobException, IOException {
    assertThat(new ConstraintCheck(LINUX).unmet(constrained(constraint).constraints()))
        .singleElement()
        .asString()
        .contains("job.hcl:2:1: ")
        .contains(message);
  }

  // ---- attributes

  private void file(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void attributesComeFromTheKernelAndTheSystemsRelease() throws IOException {
    file("proc/sys/kernel/hostname", "box\n");
    file("proc/sys/kernel/osrelease", "6.8.0-45-generic\n");
    file(
        "proc/cpuinfo",
        "processor\t: 0\nmodel name\t: Fast CPU\ncpu MHz\t\t: 2394.37\n\ncpu MHz : 1\n");
    file("proc/meminfo", "MemTotal:       16384 kB\nMemFree: 1 kB\n");
    file("etc/os-release", "NAME=\"Ubuntu\"\nID=ubuntu\nVERSION_ID=\"24.04\"\n");

    assertThat(HostAttributes.read(folder))
        .containsEntry("attr.unique.hostname", "box")
        .containsEntry("node.unique.name", "box")
        .containsEntry("attr.kernel.name", "linux")
        .containsEntry("attr.kernel.version", "6.8.0-45-generic")
        .containsEntry("attr.cpu.modelname", "Fast CPU")
        .containsEntry("attr.cpu.frequency", "2394")
        .containsEntry("attr.memory.totalbytes", "16777216")
        .containsEntry("attr.os.name", "ubuntu")
        .containsEntry("attr.os.version", "24.04")
        .containsEntry("attr.driver.exec", "1")
        .containsEntry("node.pool", "default");
  }

  @Test
  void whatAHostDoesNotTellIsNotThere() {
    assertThat(HostAttributes.read(folder))
        .containsKeys("attr.cpu.arch", "attr.cpu.numcores")
        .doesNotContainKeys("attr.cpu.frequency", "attr.memory.totalbytes", "attr.os.name");
  }

  @ParameterizedTest
  @CsvSource({"x86_64, amd64", "amd64, amd64", "aarch64, arm64", "i686, 386", "riscv64, riscv64"})
  void processorsAreCalledAsNomadCallsThem(String machine, String name) {
    assertThat(HostAttributes.goName(machine)).isEqualTo(name);
  }

  // ---- volumes

  private List<BindMount> mounts(Map<String, String> given, String volume, String mount)
      throws JobException, IOException {
    Job job =
        parse(
            "job \"j\" {\ngroup \"g\" {\nvolume \"data\" {\ntype = \"host\"\nsource = \"disk\"\n"
                + volume
                + "\n}\ntask \"t\" {\ndriver = \"exec\"\nvolume_mount {\nvolume = \"data\"\n"
                + mount
                + "\n}\n}\n}\n}\n");
    Job.Group group = job.groups().getFirst();
    Job.TaskSpec task = group.tasks().getFirst();
    Allocation allocation = Allocation.create(folder, group, 1);
    return HostVolumes.of(given)
        .mounts(group, task, 1, NomadVariables.of(job, group, task, allocation, Map.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "/srv/disk, '', '', false",
    "/srv/disk:ro, '', '', true",
    "/srv/disk, read_only = true, '', true",
    "/srv/disk, '', read_only = true, true"
  })
  void aVolumeIsReadOnlyIfAnybodySaysSo(String given, String volume, String mount, boolean readOnly)
      throws JobException, IOException {
    assertThat(mounts(Map.of("disk", given), volume, "destination = \"/data\"\n" + mount))
        .containsExactly(new BindMount(Path.of("/srv/disk"), Path.of("/data"), readOnly));
  }

  @ParameterizedTest
  @CsvSource({"data, /data", "/a/../b/, /b", "${NOMAD_TASK_DIR}/x, /local/x", "../../x, /x"})
  void aDestinationIsTakenFromTheTasksRoot(String destination, Path target)
      throws JobException, IOException {
    assertThat(mounts(Map.of("disk", "/srv"), "", "destination = \"" + destination + "\""))
        .extracting(BindMount::target)
        .containsExactly(target);
  }

  @Test
  void aVolumePerAllocationHasTheInstancesIndexInItsName() throws JobException, IOException {
    assertThat(mounts(Map.of("disk[1]", "/srv/1"), "per_alloc = true", "destination = \"/d\""))
        .extracting(BindMount::source)
        .containsExactly(Path.of("/srv/1"));
  }

  private String wrong(Map<String, String> given, String destination) {
    JobException wrong =
        catchThrowableOfType(
            JobException.class, () -> mounts(given, "", "destination = \"" + destination + "\""));
    assertThat(wrong).as("what is wrong").isNotNull();
    return wrong.getMessage();
  }

  @Test
  void aVolumeThatIsNotGivenIsRefusedWithTheOptionAndWhatWasGiven() {
    assertThat(wrong(Map.of(), "/d"))
        .contains("job.hcl:5:10: This host has no volume \"disk\"")
        .contains("Give it with -volume disk=PATH. None was given.");
    assertThat(wrong(Map.of("dsk", "/srv"), "/d")).contains("Did you mean \"dsk\"?");
    assertThat(wrong(Map.of("x", "/srv", "photos", "/p"), "/d")).contains("Given were photos, x.");
  }

  @ParameterizedTest
  @CsvSource({"/", "/alloc", "local", "/secrets/", "/proc"})
  void nothingCanBeMountedOverNomadsDirectories(String destination) {
    assertThat(wrong(Map.of("disk", "/srv"), destination))
        .contains("job.hcl:12:15: Nothing can be mounted at /");
  }

  @ParameterizedTest
  @CsvSource({"disk, ''", "disk, :ro", "'', /srv"})
  void anOptionThatIsNoVolumeIsRefused(String name, String path) {
    JobException wrong =
        catchThrowableOfType(JobException.class, () -> HostVolumes.of(Map.of(name, path)));
    assertThat(wrong.getMessage()).contains("write NAME=PATH, or NAME=PATH:ro");
  }
}
