package io.gaol.testing.freebsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.gaol.nomad.proto.driver.DestroyTaskRequest;
import io.gaol.nomad.proto.driver.FingerprintResponse;
import io.gaol.nomad.proto.driver.StartTaskRequest;
import io.gaol.nomad.proto.driver.TaskConfig;
import io.gaol.nomad.proto.driver.TaskConfigSchemaRequest;
import io.gaol.nomad.proto.driver.WaitTaskRequest;
import io.gaol.testing.freebsd.FreeBsd.Outcome;
import io.gaol.testing.host.AgentStart;
import io.gaol.testing.host.AllocationDirectory;
import io.gaol.testing.host.ConfigSpec;
import io.gaol.testing.host.TaskLogs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a FreeBSD host is found to be: one as it should be, and one that lacks what it can. */
class FreeBsdDoctorIT {
  private static final Map<String, Object> LIMITED =
      Map.of(
          "command",
          "/bin/sh",
          "args",
          List.of("-c", "echo runs"),
          // A host without rulesets gives no jail its devices.
          "Mount_devfs",
          false,
          "Rctl",
          Map.of("Maxproc", Map.of("Action", "deny", "Amount", 20)));

  @AutoClose private static FreeBsd whole;
  @AutoClose private static FreeBsd poor;

  @BeforeAll
  static void open() {
    whole = FreeBsd.open("release=14.3", "pool=tank");
    whole.sh("zfs list");
    whole.remember();
    poor = FreeBsd.open("racct=false", "vimage=false", "rulesets=[]", "loadable=[]");
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(whole.changes()).isEmpty();
    assertThat(poor.changes()).isEmpty();
  }

  /** A host that lacks something is the stand-in: a real one is as it is. */
  private static void assumeIsPoor(BooleanSupplier lacks) {
    Assumptions.assumeTrue(lacks.getAsBoolean(), "this host has all that the test is about");
  }

  private static boolean isWithoutRacct() {
    return !poor.accounts();
  }

  /** The lines of gaol doctor by what was looked at. */
  private static Map<String, String> lines(Outcome outcome) {
    Map<String, String> lines = new TreeMap<>();
    for (String line : outcome.stdout().lines().toList()) {
      assertThat(line).containsPattern("^\\S.*  (ok|warning|missing) +\\S");
      String[] parts = line.split(" {2,}", 2);
      lines.put(parts[0], parts[1]);
    }
    return lines;
  }

  @Test
  void aHostThatCanMakeJailsIsToldInALineForEachThingAndIsASuccess() {
    Outcome outcome = whole.gaol("doctor");
    assertThat(outcome.status()).as("%s", outcome).isZero();
    assertThat(outcome.stderr()).isEmpty();
    Map<String, String> lines = lines(outcome);
    String release = whole.sh("uname -r").stdout().replaceFirst("-.*\n", "");
    assertThat(lines.get("release")).endsWith("ok       FreeBSD " + release);
    assertThat(lines.get("interfaces")).contains("lo0 (", "127.0.0.1");
    assertThat(lines.get("devfs rulesets")).containsAnyOf("4", "devfs.rules(5)");
    assertThat(lines)
        .containsKeys(
            "root",
            "host",
            "jail(8)",
            "VIMAGE",
            "limits (racct)",
            "nullfs",
            "tmpfs",
            "if_epair",
            "if_bridge",
            "ng_eiface",
            "ng_bridge",
            "linux",
            "pf",
            "ZFS pools",
            "ifconfig -j",
            "route -j");
    boolean takesJail = whole.sh("ifconfig -j 2>&1 | grep -q 'requires an argument'").status() == 0;
    assertThat(lines.get("ifconfig -j")).startsWith(takesJail ? "ok" : "warning");
    String pool = whole.sh("zpool list -H -o name 2>/dev/null | head -1").stdout().strip();
    assertThat(lines.get("ZFS pools")).contains(pool.isEmpty() ? "none" : pool);
  }

  @Test
  void itsColumnsAreAlignedAndJsonHasTheSame() {
    List<String> table = whole.gaol("doctor").stdout().lines().toList();
    int state = table.getFirst().indexOf("  ok") + 2;
    assertThat(table)
        .allSatisfy(line -> assertThat(line.substring(state)).matches("(ok|warning|missing) +.*"));
    String json = whole.gaol("doctor", "--json").stdout();
    assertThat(json.split("\"what\": ")).hasSize(table.size() + 1);
    assertThat(json).contains("\"state\": \"ok\"", "\"found\": ", "\"fix\": ");
  }

  @Test
  void whatIsMissingAndOptionalIsAWarningWithItsFix() {
    assumeIsPoor(FreeBsdDoctorIT::isWithoutRacct);
    Outcome outcome = poor.gaol("doctor");
    assertThat(outcome.status()).as("%s", outcome).isZero();
    Map<String, String> lines = lines(outcome);
    assertThat(lines.get("limits (racct)"))
        .startsWith("warning")
        .endsWith("add kern.racct.enable=1 to /boot/loader.conf and boot again");
    Assumptions.assumeTrue(FreeBsd.canFail(), "the rest only where the host can be chosen");
    assertThat(lines.get("VIMAGE")).startsWith("warning").endsWith("options VIMAGE");
    assertThat(lines.get("linux")).startsWith("warning").contains("install the kernel's modules");
    assertThat(lines.get("devfs rulesets"))
        .startsWith("warning")
        .endsWith("sysrc devfs_load_rulesets=YES && service devfs restart");
    assertThat(lines.get("ZFS pools")).startsWith("warning").endsWith("zpool create");
  }

  @Test
  void withoutRootItTellsWhatItCanAndIsAFailure() {
    Outcome outcome = whole.gaolAs("nobody", "doctor");
    assertThat(outcome.status()).as("%s", outcome).isEqualTo(1);
    assertThat(lines(outcome).get("root"))
        .startsWith("missing  jails need root")
        .endsWith("run gaol as root");
    assertThat(lines(outcome).get("devfs rulesets")).contains("without root");
    assertThat(lines(outcome).get("release")).startsWith("ok");
  }

  @Test
  void inAJailItSaysSoAndAStartIsRefusedInTheSameWords() {
    whole.sh("jail -c name=gaolitself path=/ ip4=inherit persist");
    try {
      Outcome outcome = whole.gaolIn("gaolitself", "doctor");
      assertThat(outcome.status()).as("%s", outcome).isEqualTo(1);
      assertThat(lines(outcome).get("host"))
          .startsWith("missing  this is a jail itself")
          .endsWith("run gaol on the host");
      Outcome run = whole.gaolIn("gaolitself", "run", "/jails/base", "/bin/true");
      assertThat(run.status()).isEqualTo(125);
      assertThat(run.stderr()).contains("this is a jail itself", ": run gaol on the host");
    } finally {
      whole.sh("jail -r gaolitself");
    }
  }

  @Test
  void theDriverPublishesWhatTheHostHas() {
    AgentStart agent = AgentStart.again(whole.plugin(), Map.of("state_dir", FreeBsd.STATE));
    try {
      FingerprintResponse first = agent.fingerprints().await(any -> true);
      Map<String, String> attributes = new TreeMap<>();
      first
          .getAttributesMap()
          .forEach(
              (name, value) ->
                  attributes.put(
                      name.replace("driver.jail-task-driver.", ""), value.getStringVal()));
      assertThat(attributes)
          .containsKeys(
              "release",
              "racct",
              "vnet",
              "epair",
              "bridge",
              "netgraph",
              "nullfs",
              "tmpfs",
              "linux",
              "pf",
              "zfs",
              "zfs_pools",
              "devfs_rulesets",
              "ifconfig_jail",
              "route_jail");
      assertThat(attributes.get("release"))
          .isEqualTo(whole.sh("uname -r").stdout().replaceFirst("-.*\n", ""));
      assertThat(attributes.get("epair")).isEqualTo("true");
      boolean pool = whole.sh("zpool list -H -o name 2>/dev/null | grep -q .").status() == 0;
      assertThat(attributes.get("zfs")).isEqualTo(Boolean.toString(pool));
    } finally {
      agent.plugin().kill();
      agent.close();
    }
  }

  // ---- limits without accounting

  private static Path job() {
    return poor.file(
        "limited.nomad.hcl",
        Jobs.batch(
            "limited",
            "Path = \"/jails/base\"\n"
                + Jobs.command("/bin/echo", "runs")
                + """
                Rctl {
                  Maxproc {
                    Action = "deny"
                    Amount = 20
                  }
                }
                """));
  }

  @Test
  void limitsThatCannotBeHeldAreRefusedWithWhatToSet() {
    assumeIsPoor(FreeBsdDoctorIT::isWithoutRacct);
    Outcome outcome = poor.gaol("job", "run", job().toString());
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.stderr())
        .contains("maxproc:deny=20", "kern.racct.enable=1", "/boot/loader.conf")
        .contains("limits_without_racct = \"ignore\"", "--limits-without-racct=ignore");
    assertThat(outcome.stdout()).doesNotContain("runs");
  }

  @Test
  void anOperatorMayRunThemWithoutAndIsToldWhichAreNotHeld() {
    assumeIsPoor(FreeBsdDoctorIT::isWithoutRacct);
    Outcome outcome = poor.gaol("job", "run", "--limits-without-racct=ignore", job().toString());
    assertThat(outcome.status()).as("%s", outcome).isZero();
    assertThat(outcome.said()).contains("runs", "these limits are not held: maxproc:deny=20");
    assertThat(poor.gaol("job", "run", "--limits-without-racct=perhaps", job().toString()).stderr())
        .contains("--limits-without-racct", "perhaps");
  }

  @Test
  void thePluginTellsATaskWhichOfItsLimitsAreNotHeld() {
    assumeIsPoor(FreeBsdDoctorIT::isWithoutRacct);
    assertThatThrownBy(() -> run(Map.of("state_dir", FreeBsd.STATE)))
        .hasMessageContaining("maxproc:deny=20")
        .hasMessageContaining("limits_without_racct");
    List<String> events = run(Map.of("state_dir", FreeBsd.STATE, "limits_without_racct", "ignore"));
    assertThat(events)
        .anySatisfy(event -> assertThat(event).contains("limits are not held: maxproc:deny=20"));
  }

  /** Runs a task with a limit, and gives what it was told. */
  private static List<String> run(Map<String, ?> options) {
    AgentStart agent = AgentStart.again(poor.plugin(), options);
    try {
      AllocationDirectory allocation =
          AllocationDirectory.make(poor.folder().resolve("allocations"), "web");
      TaskLogs logs = allocation.startLogs();
      ByteString encoded =
          ConfigSpec.encode(
              agent
                  .plugin()
                  .driver()
                  .taskConfigSchema(TaskConfigSchemaRequest.getDefaultInstance())
                  .getSpec(),
              LIMITED);
      TaskConfig config = allocation.taskConfig(encoded, logs).build();
      agent
          .plugin()
          .driver()
          .withDeadlineAfter(60, TimeUnit.SECONDS)
          .startTask(StartTaskRequest.newBuilder().setTask(config).build());
      agent
          .plugin()
          .driver()
          .withDeadlineAfter(60, TimeUnit.SECONDS)
          .waitTask(WaitTaskRequest.newBuilder().setTaskId(config.getId()).build());
      agent.events().await(event -> event.getMessage().contains("limits are not held"));
      agent
          .plugin()
          .driver()
          .destroyTask(
              DestroyTaskRequest.newBuilder().setTaskId(config.getId()).setForce(true).build());
      logs.close();
      return agent.events().messages().stream().map(event -> event.getMessage()).toList();
    } finally {
      agent.plugin().kill();
      agent.close();
    }
  }
}
