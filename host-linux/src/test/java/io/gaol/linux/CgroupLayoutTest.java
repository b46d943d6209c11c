package io.gaol.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupLayoutTest {
  private static final String MEMORY =
      "41 30 0:36 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory";
  private static final String CPU =
      "42 30 0:37 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct";
  private static final String SYSTEMD =
      "43 30 0:38 / /sys/fs/cgroup/systemd rw - cgroup systemd rw,xattr,name=systemd";

  @TempDir Path folder;

  private String unified(String controllers) throws IOException {
    Files.writeString(folder.resolve("cgroup.controllers"), controllers + "\n");
    return "44 30 0:39 / " + folder + " rw,nosuid - cgroup2 cgroup2 rw,nsdelegate";
  }

  private static CgroupLayout read(String... mountinfo) throws IOException {
    return CgroupLayout.read(MountInfo.parse(List.of(mountinfo)));
  }

  @Test
  void versionTwoAloneIsUnified() throws IOException {
    assertThat(read(unified("cpu memory pids"))).isEqualTo(new CgroupLayout.Unified(folder));
  }

  @Test
  void versionOneHasAHierarchyForEachController() throws IOException {
    assertThat(read(MEMORY, CPU, SYSTEMD))
        .isEqualTo(
            new CgroupLayout.Legacy(
                Map.of(
                    "memory", Path.of("/sys/fs/cgroup/memory"),
                    "cpu", Path.of("/sys/fs/cgroup/cpu,cpuacct"),
                    "cpuacct", Path.of("/sys/fs/cgroup/cpu,cpuacct"),
                    "name=systemd", Path.of("/sys/fs/cgroup/systemd")),
                Optional.empty()));
  }

  @Test
  void controllersOfOneHierarchyShareItsGroup() throws IOException {
    assertThat(read(MEMORY, CPU).roots())
        .containsExactly(Path.of("/sys/fs/cgroup/cpu,cpuacct"), Path.of("/sys/fs/cgroup/memory"));
  }

  @Test
  void versionTwoBesideVersionOneCountsOnlyWithControllersOfItsOwn() throws IOException {
    assertThat(read(MEMORY, unified("hugetlb")))
        .isInstanceOfSatisfying(
            CgroupLayout.Legacy.class, legacy -> assertThat(legacy.unified()).contains(folder));
    assertThat(read(MEMORY, unified("")))
        .isInstanceOfSatisfying(
            CgroupLayout.Legacy.class, legacy -> assertThat(legacy.unified()).isEmpty());
  }

  @Test
  void aHostWithoutControlGroupsHasNone() throws IOException {
    assertThat(read("20 1 0:5 / / rw - ext4 /dev/vda rw")).isEqualTo(new CgroupLayout.Missing());
  }

  @Test
  void aMountPointWithABlankIsReadAsItIs() throws IOException {
    assertThat(MountInfo.parse(List.of("20 1 0:5 / /a\\040b rw - tmpfs x\\011y rw")))
        .extracting(MountInfo::target)
        .containsExactly(Path.of("/a b"));
  }
}
