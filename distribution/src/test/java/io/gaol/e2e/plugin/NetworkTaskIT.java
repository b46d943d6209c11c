package io.gaol.e2e.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Lan;
import io.gaol.e2e.Leftovers;
import io.gaol.e2e.RequiresLinuxRoot;
import io.gaol.testing.host.DriverTask;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses and vnet of tasks that an agent starts, as far as an operator permits them. */
@RequiresLinuxRoot
class NetworkTaskIT {
  private static final Map<String, Object> PERMITTED =
      Map.of("allow_params", List.of("safe", "network"), "allow_interfaces", List.of("em1", "e0b"));

  @RegisterExtension private final Stage stage = new Stage();

  @AutoClose private final Lan lan = Lan.open();

  @BeforeEach
  void open() {
    stage.startBehind(lan.host());
    stage.startPlugin(PERMITTED);
  }

  private DriverTask serving(String address) {
    return stage.task(
        Map.of(
            "Ip4_addr",
            address,
            "command",
            "/bin/sh",
            "args",
            List.of(
                "-c",
                "mkdir -p /local/www; echo hello >/local/www/index.html; echo ready;"
                    + " exec busybox httpd -f -p 0.0.0.0:9999 -h /local/www")));
  }

  @Test
  void aTaskAnswersAtItsAddressAlsoWhenThePluginWasKilledAndTakesItAlongWhenItGoes() {
    DriverTask task = serving("em1|192.168.1.102").start();
    task.logs().awaitStdout("ready");
    Stage.await("an answer", () -> lan.otherGets("http://192.168.1.102:9999/").equals("hello\n"));
    stage.killPluginAndStartAnother();
    task.recover();
    assertThat(lan.otherGets("http://192.168.1.102:9999/")).isEqualTo("hello\n");
    task.stop(Duration.ofSeconds(5), "");
    task.destroy();
    lan.assertNothingIsLeft();
    assertThat(Leftovers.networks(stage.directory())).isEmpty();
  }

  @Test
  void whatAnOperatorDoesNotPermitMakesNothing() {
    for (Map<String, Object> config :
        List.<Map<String, Object>>of(
            Map.of("Ip4_addr", "10.9.9.9"),
            Map.of("Ip4_addr", "em2|10.9.9.9"),
            Map.of("Ip_hostname", true, "Host_hostname", "localhost"),
            Map.of("Ip4_addr", "10.9.9.9", "Nic", "em2"),
            Map.of("Vnet", true, "Vnet_nic", "em2"))) {
      Map<String, Object> all = new HashMap<>(config);
      all.put("command", "/bin/true");
      assertThat(Stage.refusal(() -> stage.task(all).start()).getDescription())
          .contains("is not permitted", "allow_interfaces = ");
    }
    lan.assertNothingIsLeft();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "em1|192.168.1.1 # 192.168.1.1 is an address of the host's interface em1",
        "e0b|192.168.1.9 # the host has no interface \"e0b\"",
        "em1|127.0.0.5 # 127.0.0.0/8 is each network namespace's own"
      })
  void whatCannotBeIsToldAndThePluginServesOn(String address, String reason) {
    DriverTask refused = serving(address);
    assertThat(Stage.refusal(refused::start).getDescription()).contains(reason);
    lan.assertNothingIsLeft();
    assertThat(stage.start("echo still here").result().getExitCode()).isZero();
  }

  @Test
  void anInterfaceThatIsHandedInComesBack() {
    lan.onHost("ip link add e0a type veth peer name e0b");
    String before = lan.everything();
    DriverTask task =
        stage
            .task(
                Map.of(
                    "Vnet",
                    true,
                    "Vnet_nic",
                    "e0b",
                    "command",
                    "/bin/sh",
                    "args",
                    List.of("-c", "ip link set e0b name mine && echo ready; sleep 1000")))
            .start();
    task.logs().awaitStdout("ready");
    assertThat(lan.onHost("ip link show dev e0b").status()).isNotZero();
    stage.killPluginAndStartAnother();
    // As an agent does with what it cannot recover.
    task.destroy();
    lan.assertNothingIsLeft(before);
  }
}
