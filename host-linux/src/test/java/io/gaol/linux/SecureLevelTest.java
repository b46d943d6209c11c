package io.gaol.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.jail.JailParameters;
import io.gaol.linux.LinuxFacts.DeviceNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecureLevelTest {
  private static JailParameters level(int level) {
    return JailParameters.NONE.with("securelevel", List.of(Integer.toString(level)));
  }

  private static List<String> broken(int level, String... capabilities) {
    return SecureLevel.broken(level(level), List.of(capabilities), List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "1, CAP_LINUX_IMMUTABLE, drop allow.chflags",
    "1, CAP_SYS_MODULE, drop that capability",
    "1, CAP_SYS_RAWIO, drop that capability",
    "1, CAP_SYS_ADMIN, drop that capability",
    "2, CAP_SYS_TIME, drop that capability",
    "3, CAP_NET_ADMIN, 'drop vnet, or use level 2'"
  })
  void aLevelIsBrokenByWhatItForbidsAndOneBelowIsNot(int first, String capability, String remedy) {
    assertThat(broken(first - 1, capability)).isEmpty();
    for (int level = first; level <= 3; level++) {
      assertThat(broken(level, capability))
          .singleElement()
          .asString()
          .startsWith("securelevel = \"" + level + "\" forbids ")
          .endsWith(remedy);
    }
  }

  @Test
  void aJailedRootsOwnCapabilitiesBreakNoLevel() {
    List<String> capabilities = Capabilities.of(Allowance.jailDefaults());
    assertThat(SecureLevel.broken(level(3), capabilities, List.of())).isEmpty();
  }

  @Test
  void aDiskOrTheMachinesMemoryBreaksEveryLevelAndAnotherDeviceNone() {
    DeviceNode disk = new DeviceNode('b', 8, 0);
    DeviceNode memory = new DeviceNode('c', 1, 1);
    DeviceNode fuse = new DeviceNode('c', 10, 229);
    for (int level = 1; level <= 3; level++) {
      assertThat(SecureLevel.broken(level(level), List.of(), List.of(disk, memory, fuse)))
          .hasSize(2)
          .anyMatch(text -> text.contains("the block device 8:0 is one: drop it"))
          .anyMatch(text -> text.contains("the device 1:1 is that: drop it"));
    }
    assertThat(SecureLevel.broken(level(0), List.of(), List.of(disk, memory))).isEmpty();
    assertThat(SecureLevel.broken(JailParameters.NONE, List.of(), List.of(disk))).isEmpty();
  }
}
