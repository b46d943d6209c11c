package io.gaol.e2e.plugin;

import static io.gaol.e2e.plugin.Stage.refusal;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.gaol.e2e.RequiresLinuxRoot;
import io.gaol.jail.JailParameter;
import io.gaol.jail.JailParameterCatalogue;
import io.gaol.jail.LinuxVerdict;
import io.gaol.testing.host.DriverTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The matrix of permissions: root in a task tries everything of probe.pl with each {@code allow.*}
 * turned from its default in turn. What appears, or goes, is that permission and nothing else.
 */
@RequiresLinuxRoot
class PermissionMatrixIT {
  private static final Path PROBE = Path.of("src/test/resources/probe/probe.pl").toAbsolutePath();

  /** What jailed root may by default, of what the probe tries with the host's addresses. */
  private static final Set<String> BY_DEFAULT = Set.of("reserved-port");

  /** What each permission brings when it is on. */
  private static final Map<String, Set<String>> BRINGS =
      Map.of(
          "allow.raw_sockets",
          Set.of("socket-raw-icmp", "socket-raw-ip", "socket-raw-icmp6", "socket-raw-high-bits"),
          "allow.chflags",
          Set.of("immutable-file"),
          "allow.read_msgbuf",
          Set.of("kernel-messages"),
          "allow.mlock",
          Set.of("lock-memory"),
          "allow.reserved_ports",
          Set.of("reserved-port"),
          "allow.sysvipc",
          Set.of("sysv-shared-memory", "sysv-semaphore", "sysv-message-queue"),
          "allow.socket_af",
          Set.of(
              "socket-netlink-audit",
              "socket-netlink-netfilter",
              "socket-netlink-high-bits",
              "socket-netlink-diag",
              "socket-netlink-uevent",
              "socket-netlink-generic"));

  /** What a permission brings only where the kernel has it, or the host lets everybody. */
  private static final Map<String, Set<String>> MAY_BRING =
      Map.of(
          "allow.raw_sockets",
          Set.of("socket-ping-datagram", "socket-ping6-datagram"),
          "allow.socket_af",
          Set.of("socket-vsock", "socketpair-vsock", "socket-alg", "socket-key"));

  @RegisterExtension private final Stage stage = new Stage();

  static Stream<String> permissions() {
    return Stream.concat(
        JailParameterCatalogue.all().stream()
            .map(JailParameter::name)
            .filter(name -> name.startsWith("allow.")),
        // One of the family.
        Stream.of("allow.mount.p9fs"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("permissions")
  void aPermissionTurnedFromItsDefaultChangesThatAndNothingElse(String permission)
      throws IOException {
    JailParameter parameter = parameter(permission);
    boolean onByDefault = isOnByDefault(parameter);
    String turned = String.valueOf(!onByDefault);
    operatorPermits(List.of(permission));

    if (!parameter.linux().of(turned).honoured()) {
      assertThat(refusal(() -> task(Map.of(permission, turned)).start()).getDescription())
          .contains(permission + " = \"" + turned + "\" cannot be had on Linux: ")
          .contains(((LinuxVerdict.Refused) parameter.linux().of(turned)).reason());
      return;
    }
    Set<String> expected = new TreeSet<>(BY_DEFAULT);
    if (onByDefault) {
      expected.removeAll(BRINGS.getOrDefault(permission, Set.of()));
    } else {
      expected.addAll(BRINGS.getOrDefault(permission, Set.of()));
    }
    Set<String> allowed = probe(Map.of(permission, turned));
    allowed.removeAll(MAY_BRING.getOrDefault(permission, Set.of()));
    assertThat(allowed).isEqualTo(expected);
  }

  @Test
  void thePermissionsAtTheirDefaultsAreAsIfTheyWereLeftOut() throws IOException {
    Map<String, String> defaults =
        permissions().collect(toMap(name -> name, name -> isOnByDefault(parameter(name)) + ""));
    // A job that asks for it by name must not believe that it has it.
    Map<String, String> refused = new TreeMap<>(defaults);
    refused
        .entrySet()
        .removeIf(one -> parameter(one.getKey()).linux().of(one.getValue()).honoured());
    defaults.keySet().removeAll(refused.keySet());
    operatorPermits(permissions().toList());

    assertThat(probe(defaults)).isEqualTo(BY_DEFAULT);
    assertThat(refused).containsExactly(entry("allow.set_hostname", "true"));
    assertThat(refusal(() -> task(refused).start()).getDescription())
        .contains("allow.set_hostname = \"true\" cannot be had on Linux: ");
  }

  private static JailParameter parameter(String name) {
    return JailParameterCatalogue.find(name).orElseThrow();
  }

  private static boolean isOnByDefault(JailParameter permission) {
    return permission.byDefault().startsWith("true");
  }

  private void operatorPermits(List<String> permissions) {
    List<String> entries = new ArrayList<>(List.of("safe", "network", "mount"));
    entries.addAll(permissions);
    stage.startPlugin(Map.of("allow_params", entries));
  }

  private DriverTask task(Map<String, String> permissions) {
    Map<String, Object> config = new HashMap<>();
    config.put("Ip4", "inherit");
    config.put("Ip6", "inherit");
    config.put("params", permissions);
    config.put("command", "/usr/bin/perl");
    config.put(
        "args",
        List.of("/local/probe.pl", "--host-pid=" + ProcessHandle.current().pid(), "--work=/tmp"));
    return stage.task(config);
  }

  /** The attempts that succeed in a task with these permissions. */
  private Set<String> probe(Map<String, String> permissions) throws IOException {
    DriverTask task = task(permissions);
    Files.copy(PROBE, task.allocation().taskDirectory().resolve("local/probe.pl"));
    task.start();
    task.await();
    String output = task.logs().awaitEnd().stdout();
    List<String> attempts = new ArrayList<>(output.lines().toList());
    assertThat(attempts).as(task.logs().stderr()).isNotEmpty();
    assertThat(attempts.removeLast()).matches("\\d{2,} attempts, \\d+ allowed");
    return attempts.stream()
        .filter(line -> line.contains(": ALLOWED"))
        .map(line -> line.substring(0, line.indexOf(':')))
        .collect(toCollection(TreeSet::new));
  }
}
