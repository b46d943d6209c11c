package io.gaol.e2e.plugin;

import static io.gaol.e2e.plugin.Stage.must;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.gaol.e2e.Command;
import io.gaol.e2e.RequiresLinuxRoot;
import io.gaol.e2e.SmallRoot;
import io.gaol.jail.JailParameter;
import io.gaol.jail.JailParameterCatalogue;
import io.gaol.jail.PolicyGroup;
import io.gaol.jail.RctlResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What Linux makes of jail(8)'s parameters and rctl(8)'s resources, row by row (docs/linux.md): the
 * effect as it is seen from inside or outside of the jail, or the text of the refusal.
 */
@RequiresLinuxRoot
class LinuxMappingIT {
  private static final int LEAST_CASES = 150;

  @RegisterExtension private final Stage stage = new Stage();

  @BeforeEach
  void anOperatorWhoPermitsEverything() {
    List<String> params = new ArrayList<>(List.of("safe", "network", "mount"));
    JailParameterCatalogue.all().stream()
        .filter(parameter -> parameter.settable() != JailParameter.Settable.NEVER)
        .filter(parameter -> parameter.policy().otherwise() != PolicyGroup.HOST_HOOK)
        .filter(parameter -> parameter.addsTo().isEmpty())
        .forEach(parameter -> params.add(parameter.name()));
    params.addAll(List.of("allow.mount.p9fs", "meta.owner", "env.stage"));
    Map<String, Object> options = new HashMap<>();
    options.put("allow_params", params);
    options.put("allow_host_hooks", true);
    options.put("allow_roots", List.of("/"));
    options.put("allow_host_paths", List.of("/"));
    options.put("allow_fstabs", List.of(stage.directory() + "/fstab"));
    options.put("allow_devfs_rulesets", List.of("0", "1", "2", "3", "4", "5", "77"));
    options.put("allow_interfaces", List.of("*"));
    options.put("allow_rctl_actions", List.of("*"));
    stage.startPlugin(options);
  }

  private Stream<DynamicTest> tests(List<MappingCase> cases) {
    return cases.stream().map(one -> dynamicTest(one.toString(), () -> one.run(stage)));
  }

  private static List<MappingCase> every() {
    return Stream.of(
            JailRows.baseline(),
            JailRows.identity(),
            JailRows.host(),
            JailRows.emulation(),
            JailRows.labels(),
            JailRows.limits(),
            PermissionRows.permissions(),
            PermissionRows.permissionsThatAreNever(),
            PermissionRows.ipc(),
            MountRows.mounts(),
            CommandRows.exec(),
            NetworkRows.network(),
            RctlRows.rctl(),
            RctlRows.rctlRefusals())
        .flatMap(List::stream)
        .toList();
  }

  @Test
  void everyParameterAndEveryResourceHasACase() {
    List<MappingCase> every = every();
    System.out.println(every.size() + " cases of the mapping to Linux");
    assertThat(every).hasSizeGreaterThanOrEqualTo(LEAST_CASES).doesNotHaveDuplicates();
    Set<String> rows = every.stream().map(MappingCase::row).collect(Collectors.toSet());
    assertThat(rows)
        .containsAll(
            JailParameterCatalogue.all().stream()
                .filter(parameter -> parameter.settable() != JailParameter.Settable.NEVER)
                .map(JailParameter::name)
                .toList())
        .containsAll(Stream.of(RctlResource.values()).map(RctlResource::keyword).toList());
  }

  @TestFactory
  Stream<DynamicTest> addressesAndNetworkStacks() {
    String token = stage.token();
    must("ip", "netns", "add", "lan" + token);
    must(
        "ip",
        "link",
        "add",
        "em" + token,
        "type",
        "veth",
        "peer",
        "name",
        "lan0",
        "netns",
        "lan" + token);
    must("ip", "link", "add", "vn" + token, "type", "veth", "peer", "name", "vo" + token);
    must("ip", "addr", "add", "10.201.7.1/24", "dev", "em" + token);
    must("ip", "link", "set", "em" + token, "up");
    must("ip", "route", "add", "10.201.8.0/24", "dev", "em" + token, "table", "17");
    must("ip", "-n", "lan" + token, "addr", "add", "10.201.7.2/24", "dev", "lan0");
    must("ip", "-n", "lan" + token, "link", "set", "lan0", "up");
    return tests(NetworkRows.network());
  }

  @AfterEach
  void removeInterfaces() {
    for (String link : List.of("em", "vn")) {
      Command.of(Path.of("/usr/sbin/ip"), "link", "del", link + stage.token()).run();
    }
    Command.of(Path.of("/usr/sbin/ip"), "netns", "del", "lan" + stage.token()).run();
  }

  @TestFactory
  Stream<DynamicTest> resourcesThatAreLimited() {
    return tests(RctlRows.rctl());
  }

  @TestFactory
  Stream<DynamicTest> rulesThatAreRefused() {
    return tests(RctlRows.rctlRefusals());
  }

  @TestFactory
  Stream<DynamicTest> mountsAndDevices() throws IOException {
    Path root = SmallRoot.withShell(stage.directory().resolve("root"));
    Files.createDirectory(root.resolve("data"));
    Files.createSymbolicLink(root.resolve("out"), Path.of("/tmp"));
    Path data = Files.createDirectory(stage.directory().resolve("data"));
    Files.writeString(data.resolve("file"), "of the host\n");
    Files.writeString(
        stage.directory().resolve("fstab"), data + " " + root + "/data nullfs ro 0 0\n");
    return tests(MountRows.mounts());
  }

  @TestFactory
  Stream<DynamicTest> commandsAndTimes() throws IOException {
    SmallRoot.withShell(stage.directory().resolve("root"));
    Path open = Files.createDirectory(stage.directory().resolve("open"));
    Files.setAttribute(open, "unix:mode", 0777);
    return tests(CommandRows.exec());
  }

  @TestFactory
  Stream<DynamicTest> hostNameAndIdentity() {
    return tests(JailRows.host());
  }

  @TestFactory
  Stream<DynamicTest> otherReleases() {
    return tests(JailRows.emulation());
  }

  @TestFactory
  Stream<DynamicTest> labelsOfFreeBsd() {
    return tests(JailRows.labels());
  }

  @TestFactory
  Stream<DynamicTest> limitsOfAJail() {
    return tests(JailRows.limits());
  }

  @TestFactory
  Stream<DynamicTest> permissionsOfAJail() {
    return tests(PermissionRows.permissions());
  }

  @TestFactory
  Stream<DynamicTest> permissionsThatNoJailHas() {
    return tests(PermissionRows.permissionsThatAreNever());
  }

  @TestFactory
  Stream<DynamicTest> systemVIpc() {
    return tests(PermissionRows.ipc());
  }

  @TestFactory
  Stream<DynamicTest> whatEveryJailedRootMay() {
    return tests(JailRows.baseline());
  }

  @TestFactory
  Stream<DynamicTest> identityRootAndLife() {
    return tests(JailRows.identity());
  }
}
