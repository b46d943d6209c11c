package io.gaol.jail.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gaol.jail.Assignment;
import io.gaol.jail.Assignment.Source;
import io.gaol.jail.AssignmentReader;
import io.gaol.jail.AssignmentReading;
import io.gaol.jail.CapabilityChanges;
import io.gaol.jail.Environment;
import io.gaol.jail.InvalidValueException;
import io.gaol.jail.JailName;
import io.gaol.jail.JailParameters;
import io.gaol.jail.JailSpec;
import io.gaol.jail.RctlRule;
import io.gaol.jail.Resources;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTest {
  private static final Allocation ALLOCATION =
      new Allocation(
          Path.of("/nomad/alloc/1/web"), Path.of("/nomad/alloc/1/alloc"), List.of("private"));
  private static final UnaryOperator<Path> NO_LINKS = Path::normalize;

  /** A spec of pairs of a key of a job's config and its value. */
  private static JailSpec spec(Object... pairs) {
    return spec(Source.JOB_CONFIG, "", pairs);
  }

  private static JailSpec spec(Source source, String place, Object... pairs) {
    List<Assignment> assignments =
        Stream.iterate(0, i -> i < pairs.length, i -> i + 2)
            .map(i -> Assignment.of((String) pairs[i], pairs[i + 1], place, source))
            .toList();
    AssignmentReading reading = AssignmentReader.ofCatalogue().read(assignments);
    return spec(((AssignmentReading.Accepted) reading).parameters(), Optional.empty(), List.of());
  }

  private static JailSpec spec(
      JailParameters parameters, Optional<String> user, List<RctlRule> rules) {
    JailSpec.Root root =
        parameters
            .value("path")
            .<JailSpec.Root>map(path -> new JailSpec.Root.Directory(Path.of(path)))
            .orElse(new JailSpec.Root.HostSystem(ALLOCATION.taskDirectory(), List.of(), List.of()));
    return new JailSpec(
        new JailName("web-1"),
        parameters,
        List.of("/bin/true"),
        Environment.EMPTY,
        user,
        "/",
        root,
        List.of(),
        List.of(),
        Resources.UNLIMITED,
        rules,
        false,
        CapabilityChanges.NONE);
  }

  private static List<Refusal> refusals(Policy policy, JailSpec spec) {
    return policy.check(spec, ALLOCATION, NO_LINKS);
  }

  private static List<String> messages(Policy policy, JailSpec spec) {
    return refusals(policy, spec).stream().map(Refusal::message).toList();
  }

  private static Policy policy(PolicyOption option, String... entries) {
    return Policy.of(Map.of(option, List.of(entries)));
  }

  private static List<String> problems(PolicyOption option, String... entries) {
    return catchThrowableOfType(InvalidValueException.class, () -> policy(option, entries))
        .problems();
  }

  /** Asks for what was refused until nothing is. */
  private static Policy permitting(JailSpec spec) {
    Policy policy = Policy.DEFAULT;
    for (Refusal refusal : refusals(policy, spec)) {
      policy = policy.with(refusal.grant().orElseThrow());
    }
    return policy;
  }

  // ---- what is refused, and what permits it

  @Test
  void aJobThatStaysInItsJailNeedsNoPermission() {
    JailSpec spec =
        spec(
            "Host_hostname",
            "web",
            "Exec_start",
            "sh /etc/rc",
            "Exec_stop",
            "sh /etc/rc.shutdown",
            "Persist",
            true,
            "Mount_devfs",
            true,
            "Devfs_ruleset",
            4,
            "Securelevel",
            2,
            "Sysvshm",
            "new",
            "Ip4",
            "disable",
            "Vnet",
            "inherit",
            "Exec_clean",
            true);

    assertThat(refusals(Policy.DEFAULT, spec)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Exec_prepare",
        "Exec_prestart",
        "Exec_created",
        "Exec_poststart",
        "Exec_prestop",
        "Exec_poststop",
        "Exec_release",
        "exec_prestart",
        "exec_release"
      })
  void aCommandOnTheHostNeedsTheOperatorsSwitch(String key) {
    JailSpec spec = spec(key, "/bin/sh -c 'id > /root/owned'");

    assertThat(messages(Policy.DEFAULT, spec))
        .containsExactly(
            key
                + " is not permitted: it is about commands that run on the host as root. The"
                + " operator permits it with allow_host_hooks = true in the plugin's config");
    assertThat(refusals(policy(PolicyOption.ALLOW_PARAMS, "all"), spec)).hasSize(1);
    assertThat(refusals(policy(PolicyOption.ALLOW_HOST_HOOKS, "true"), spec)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/etc", "/root", "/srvx", "/srv/../etc", "/SRV/web", "//etc", "/sr"})
  void aRootMayNotBeAnyDirectoryOfTheHost(String path) {
    assertThat(refusals(policy(PolicyOption.ALLOW_ROOTS, "/srv"), spec("Path", path)))
        .extracting(Refusal::name)
        .containsExactly("Path");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/srv", "/srv/", "/srv/web", "//srv///web/./root"})
  void aRootMayBeWhereTheOperatorSays(String path) {
    assertThat(refusals(policy(PolicyOption.ALLOW_ROOTS, "/srv"), spec("path", path))).isEmpty();
  }

  @Test
  void theRefusalOfARootNamesTheOptionWithAllThatWasPermittedBefore() {
    assertThat(messages(policy(PolicyOption.ALLOW_ROOTS, "/srv"), spec("Path", "/jails/web")))
        .containsExactly(
            "Path = \"/jails/web\" is not permitted: it is a directory of the host. The operator"
                + " permits it with allow_roots = [\"/srv\", \"/jails/web\"] in the plugin's"
                + " config");
  }

  @Test
  void whatIsInTheAllocationIsTheJobsButWhatNomadHides() {
    assertThat(refusals(Policy.DEFAULT, spec("Path", "/nomad/alloc/1/web/local/root"))).isEmpty();
    for (String notMine :
        List.of(
            "/nomad/alloc/1/web",
            // The other tasks of the group could put a link there once it was looked at.
            "/nomad/alloc/1/alloc/root",
            "/nomad/alloc/1/web/private",
            "/nomad/alloc/1/web/private/x",
            "/nomad/alloc/1/web2/local",
            "/nomad/alloc/1",
            "/nomad/alloc/2/web/local")) {
      assertThat(refusals(Policy.DEFAULT, spec("Path", notMine))).as(notMine).hasSize(1);
    }
  }

  @Test
  void aSymbolicLinkIsJudgedByWhereItLeads() {
    UnaryOperator<Path> link =
        path -> path.startsWith("/srv/out") ? Path.of("/etc").resolve(path.subpath(2, 3)) : path;
    Policy policy = policy(PolicyOption.ALLOW_ROOTS, "/srv");

    assertThat(policy.check(spec("Path", "/srv/out/ssh"), ALLOCATION, link))
        .extracting(Refusal::message)
        .containsExactly(
            "Path = \"/srv/out/ssh\" is not permitted: it is a directory of the host, where it"
                + " leads to \"/etc/ssh\". The operator permits it with allow_roots = [\"/srv\","
                + " \"/etc/ssh\"] in the plugin's config");
  }

  @Test
  void aLinkFromOutsideIntoAPermittedDirectoryIsRefusedForItCanBeChanged() {
    UnaryOperator<Path> link = path -> path.startsWith("/tmp/link") ? Path.of("/srv/web") : path;

    assertThat(
            policy(PolicyOption.ALLOW_ROOTS, "/srv")
                .check(spec("Path", "/tmp/link"), ALLOCATION, link))
        .hasSize(1);
  }

  @Test
  void anOperatorsDirectoryMayBeASymbolicLinkItself() {
    UnaryOperator<Path> link =
        path ->
            path.startsWith("/srv")
                ? Path.of("/data").resolve(Path.of("/srv").relativize(path))
                : path;
    Policy policy = policy(PolicyOption.ALLOW_ROOTS, "/srv");

    assertThat(policy.check(spec("Path", "/srv/web"), ALLOCATION, link)).isEmpty();
    assertThat(policy.check(spec("Path", "/data/web"), ALLOCATION, link)).isEmpty();
    assertThat(policy.check(spec("Path", "/database"), ALLOCATION, link)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "Allow_chflags, true, allow.chflags",
    "allow_sysvipc, true, allow.sysvipc",
    "Children_max, 5, children.max",
    "Jid, 1, jid",
    "Allow_vmm, 1, allow.vmm",
    "Sysvshm, inherit, sysvshm",
    "Host, inherit, host",
    "Linux, inherit, linux"
  })
  void whatReachesBeyondTheJailIsPermittedByNameOrAll(String key, String value, String name) {
    JailSpec spec = spec(key, value);

    assertThat(refusals(Policy.DEFAULT, spec))
        .extracting(refusal -> refusal.grant().orElseThrow())
        .containsExactly(new Grant(PolicyOption.ALLOW_PARAMS, name));
    assertThat(refusals(policy(PolicyOption.ALLOW_PARAMS, "safe", "network", "mount"), spec))
        .hasSize(1);
    assertThat(refusals(policy(PolicyOption.ALLOW_PARAMS, "safe", name), spec)).isEmpty();
    assertThat(refusals(policy(PolicyOption.ALLOW_PARAMS, "all"), spec)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Ip4, inherit, network", "Vnet, true, network", "Allow_raw_sockets, true, network",
    "Ip6, inherit, network", "Exec_fib, 1, network", "Allow_mount, true, mount",
    "Enforce_statfs, 1, mount"
  })
  void aGroupIsPermittedAsAWhole(String key, String value, String group) {
    assertThat(refusals(Policy.DEFAULT, spec(key, value)))
        .extracting(refusal -> refusal.grant().orElseThrow())
        .containsExactly(new Grant(PolicyOption.ALLOW_PARAMS, group));
    assertThat(refusals(policy(PolicyOption.ALLOW_PARAMS, group), spec(key, value))).isEmpty();
  }

  @Test
  void aValueThatIsRefusedIsShownWhereAnotherOneWouldDo() {
    assertThat(messages(Policy.DEFAULT, spec("Sysvshm", "inherit")))
        .containsExactly(
            "Sysvshm = \"inherit\" is not permitted: it reaches beyond the jail, and only the group"
                + " \"all\" has it. The operator permits it with allow_params = [\"safe\","
                + " \"sysvshm\"] in the plugin's config");
  }

  @Test
  void withoutTheGroupSafeNothingIsPermittedThatIsNotNamed() {
    Policy policy = policy(PolicyOption.ALLOW_PARAMS, "persist");

    assertThat(refusals(policy, spec("Persist", true, "Exec_clean", true)))
        .extracting(Refusal::name)
        .containsExactly("Exec_clean");
  }

  // ---- mounts

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc /srv/web/etc nullfs ro",
        "/ /srv/web/host nullfs rw",
        "/srvx /srv/web/x nullfs ro",
        "/data /srv/web/data unionfs below",
        "/da\\164a /srv/web/data nullfs rw",
        "zroot /srv/web/z zfs rw",
        "devfs /srv/web/dev devfs rw",
        "devfs /srv/web/dev devfs rw,ruleset=0",
        "tmpfs /etc tmpfs rw",
        "/srv/web/evil /etc nullfs rw",
        "tmpfs /srv/webx tmpfs rw",
        "/dev/sda1 /srv/web/disk ext4 rw",
        "/srv/web/image /srv/web/disk ext4 rw",
        "/nomad/alloc/1/web/local/image /srv/web/disk xfs ro",
        "/nomad/alloc/1/alloc/image /srv/web/disk squashfs ro",
        "files:/export /srv/web/files nfs rw"
      })
  void aMountOfTheHostsIsRefused(String line) {
    Policy policy =
        Policy.of(
            Map.of(
                PolicyOption.ALLOW_PARAMS, List.of("all"),
                PolicyOption.ALLOW_ROOTS, List.of("/srv")));

    assertThat(refusals(policy, spec("Path", "/srv/web", "Mount", line)))
        .as(line)
        .extracting(Refusal::name)
        .containsOnly("Mount");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/data/a /srv/web/data nullfs ro",
        "/data/image /srv/web/disk ext4 ro",
        "/nomad/alloc/1/web/local /srv/web/local nullfs rw",
        "/srv/web/a /srv/web/b nullfs rw",
        "zroot/jobs/a /srv/web/z zfs rw",
        "zroot/jobs@old /srv/web/z zfs ro",
        "devfs /srv/web/dev devfs rw,ruleset=4",
        "tmpfs /srv/web/tmp tmpfs size=64m",
        "linprocfs /srv/web/compat/proc linprocfs rw"
      })
  void aMountOfWhatTheOperatorSaysIsPermitted(String line) {
    Policy policy =
        Policy.of(
            Map.of(
                PolicyOption.ALLOW_PARAMS, List.of("safe", "mount"),
                PolicyOption.ALLOW_ROOTS, List.of("/srv"),
                PolicyOption.ALLOW_HOST_PATHS, List.of("/data"),
                PolicyOption.ALLOW_DATASETS, List.of("zroot/jobs")));

    assertThat(refusals(policy, spec("Path", "/srv/web", "Mount", line))).as(line).isEmpty();
  }

  @Test
  void withoutAPathATargetIsAPathOfTheJail() {
    Policy policy =
        Policy.of(
            Map.of(
                PolicyOption.ALLOW_PARAMS, List.of("safe", "mount"),
                PolicyOption.ALLOW_HOST_PATHS, List.of("/data")));

    assertThat(refusals(policy, spec("Mount", "/data/a /srv/data nullfs ro"))).isEmpty();
    assertThat(messages(policy, spec("Mount", "/data/a /private nullfs ro")))
        .singleElement()
        .asString()
        .contains("it would hide what Nomad keeps in /nomad/alloc/1/web/private");
    assertThat(messages(policy, spec("Mount", "/etc /srv/data nullfs ro")))
        .singleElement()
        .asString()
        .contains("\"/etc\" is the host's, outside the allocation");
  }

  @Test
  void aUserOfTheHostIsKnownByNameAlsoInTheJobsOwnRoot() {
    Policy policy = policy(PolicyOption.ALLOW_USERS, "www");
    Object[] inTheJobsRoot = {"Path", "/nomad/alloc/1/web/local/root", "Exec_jail_user", "www"};
    assertThat(messages(policy, spec(inTheJobsRoot)))
        .isNotEmpty()
        .allMatch(text -> text.contains("the job's own etc/passwd says"));
    Object[] ofTheHost = {
      "Path",
      "/nomad/alloc/1/web/local/root",
      "Exec_jail_user",
      "www",
      "Exec_system_jail_user",
      true
    };
    assertThat(messages(policy, spec(ofTheHost))).isEmpty();
  }

  @Test
  void aMountOutsideTheJailIsPermittedByNoOption() {
    Policy policy =
        Policy.of(
            Map.of(
                PolicyOption.ALLOW_PARAMS, List.of("all"),
                PolicyOption.ALLOW_HOST_PATHS, List.of("/"),
                PolicyOption.ALLOW_ROOTS, List.of("/srv")));

    assertThat(refusals(policy, spec("Path", "/srv/web", "Mount", "tmpfs /etc tmpfs rw")))
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.grant()).isEmpty();
              assertThat(refusal.message())
                  .isEqualTo(
                      "Mount = \"tmpfs /etc tmpfs rw\" is not permitted: it would be mounted outside"
                          + " the jail: the target is not below its root, \"/srv/web\"");
            });
  }

  @Test
  void whatNomadHidesFromATaskIsNotMountedEither() {
    JailSpec spec =
        spec("Mount", "/nomad/alloc/1/web/private /nomad/alloc/1/web/local/x nullfs ro");

    assertThat(refusals(policy(PolicyOption.ALLOW_PARAMS, "all"), spec))
        .extracting(refusal -> refusal.grant().orElseThrow())
        .containsExactly(new Grant(PolicyOption.ALLOW_HOST_PATHS, "/nomad/alloc/1/web/private"));
  }

  @Test
  void aFileOfMountsMayNotBeOneThatTheJobWrites() {
    Policy policy =
        Policy.of(
            Map.of(
                PolicyOption.ALLOW_PARAMS, List.of("safe", "mount.fstab"),
                PolicyOption.ALLOW_FSTABS, List.of("/")));

    assertThat(messages(policy, spec("Mount_fstab", "/nomad/alloc/1/web/local/fstab")))
        .containsExactly(
            "Mount_fstab = \"/nomad/alloc/1/web/local/fstab\" is not permitted: the job can write"
                + " to the file, and the host mounts what it says: give its lines as mount");
    assertThat(refusals(policy, spec("Mount_fstab", "/nomad/alloc/1/alloc/fstab"))).hasSize(1);
    assertThat(refusals(policy, spec("Mount_fstab", "/etc/fstab.web"))).isEmpty();
    assertThat(refusals(policy(PolicyOption.ALLOW_PARAMS, "all"), spec("Mount_fstab", "/etc/f")))
        .extracting(refusal -> refusal.grant().orElseThrow())
        .containsExactly(new Grant(PolicyOption.ALLOW_FSTABS, "/etc/f"));
    assertThat(refusals(policy, spec("Exec_consolelog", "/etc/fstab.web")))
        .as("a job writes what is mounted")
        .hasSize(1);
  }

  @Test
  void theConsoleLogIsAFileOfTheHost() {
    assertThat(messages(Policy.DEFAULT, spec("Exec_consolelog", "/etc/rc.local")))
        .containsExactly(
            "Exec_consolelog = \"/etc/rc.local\" is not permitted: \"/etc/rc.local\" is the host's,"
                + " outside the allocation. The operator permits it with allow_host_paths ="
                + " [\"/etc/rc.local\"] in the plugin's config");
    for (String jobs : List.of("/nomad/alloc/1/alloc/logs/c", "/nomad/alloc/1/web/local/c")) {
      assertThat(
              messages(policy(PolicyOption.ALLOW_HOST_PATHS, "/"), spec("Exec_consolelog", jobs)))
          .containsExactly(
              "Exec_consolelog = \""
                  + jobs
                  + "\" is not permitted: the host writes to it as root, and the job could make it a"
                  + " link to another file: it has to be where jobs cannot write");
    }
    assertThat(
            messages(
                policy(PolicyOption.ALLOW_HOST_PATHS, "/var/tmp"),
                spec("Exec_consolelog", "/var/tmp/../../etc/rc.local")))
        .containsExactly(
            "Exec_consolelog = \"/var/tmp/../../etc/rc.local\" is not permitted: where \"..\" leads"
                + " depends on symbolic links: write \"/etc/rc.local\"");
  }

  private static final Policy MOUNTS = policy(PolicyOption.ALLOW_PARAMS, "safe", "mount");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "T/local/a R/m nullfs rw | R/m/x R/host nullfs rw",
        "T/local/a R/m nullfs rw | tmpfs R/m/etc tmpfs rw",
        "tmpfs R/m tmpfs rw | R/m/x R/host nullfs rw"
      })
  void nothingIsMountedFromOrOnWhatTheJobsOwnMountWillShow(String first, String second) {
    String root = "/nomad/alloc/1/web/local/root";
    List<String> lines =
        Stream.of(first, second)
            .map(line -> line.replace("R/", root + "/").replace("T/", "/nomad/alloc/1/web/"))
            .toList();
    JailSpec spec = spec("Path", root, "Mount", lines);

    assertThat(messages(MOUNTS, spec))
        .singleElement()
        .asString()
        .contains("lies behind the mount on \"" + root + "/m\", which decides where it leads");
    assertThat(refusals(MOUNTS, spec("Path", root, "Mount", lines.getFirst()))).isEmpty();
  }

  @Test
  void whatTheOperatorsOwnMountShowsMayBeMountedOn() {
    Policy policy =
        MOUNTS
            .with(new Grant(PolicyOption.ALLOW_ROOTS, "/jails"))
            .with(new Grant(PolicyOption.ALLOW_HOST_PATHS, "/base"));
    JailSpec spec =
        spec(
            "Path",
            "/jails/web",
            "Mount",
            List.of("/base /jails/web nullfs ro", "tmpfs /jails/web/tmp tmpfs rw"));

    assertThat(refusals(policy, spec)).isEmpty();
  }

  @Test
  void noMountHidesWhatNomadKeepsInTheTasksDirectory() {
    for (String place : List.of("/nomad/alloc/1/web/private", "/nomad/alloc/1/web")) {
      assertThat(messages(MOUNTS, spec("Mount", "tmpfs " + place + " tmpfs rw")))
          .as(place)
          .singleElement()
          .asString()
          .contains("it would hide what Nomad keeps in " + place);
    }
    assertThat(refusals(MOUNTS, spec("Mount", "tmpfs /nomad/alloc/1/web/x tmpfs rw"))).isEmpty();
  }

  @Test
  void aJailThatMayMountDevfsNeedsARulesetThatIsPermitted() {
    Object[] all = {"Allow_mount", true, "Allow_mount_devfs", true, "Enforce_statfs", 1};

    assertThat(refusals(MOUNTS, spec(all)))
        .extracting(refusal -> refusal.grant().orElseThrow())
        .containsExactly(new Grant(PolicyOption.ALLOW_DEVFS_RULESETS, "0"));
    assertThat(
            refusals(
                MOUNTS,
                spec(
                    "Allow_mount",
                    true,
                    "Allow_mount_devfs",
                    true,
                    "Enforce_statfs",
                    1,
                    "Devfs_ruleset",
                    4)))
        .isEmpty();
    assertThat(refusals(policy(PolicyOption.ALLOW_DEVFS_RULESETS, "10"), spec("Mount_devfs", true)))
        .extracting(refusal -> refusal.grant().orElseThrow())
        .containsExactly(new Grant(PolicyOption.ALLOW_DEVFS_RULESETS, "4"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"allow.mount.ipfw", "allow.mount.noipfw"})
  void noJobLoadsAKernelModuleByTakingItsPermissionAway(String name) {
    boolean value = name.contains("no");

    assertThat(refusals(Policy.DEFAULT, spec(Source.JOB_PARAMS, "in params", name, value)))
        .hasSize(1);
    assertThat(refusals(Policy.DEFAULT, spec("Allow_mount_tmpfs", false))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"addm em0", "deletem em0", "vlandev em0 vlan 5", "unplumb", "vhid 1 addm em0"})
  void noWordBehindAnAddressReachesAnotherInterface(String words) {
    Policy policy =
        policy(PolicyOption.ALLOW_PARAMS, "safe", "network")
            .with(new Grant(PolicyOption.ALLOW_INTERFACES, "bridge0"));
    JailSpec spec = spec("Ip4_addr", "bridge0|10.0.0.5/24 " + words);

    assertThat(refusals(policy, spec))
        .extracting(refusal -> refusal.grant().orElseThrow())
        .containsExactly(new Grant(PolicyOption.ALLOW_INTERFACES, "*"));
    assertThat(refusals(policy.with(new Grant(PolicyOption.ALLOW_INTERFACES, "*")), spec))
        .isEmpty();
    assertThat(
            refusals(
                policy,
                spec("Ip4_addr", "bridge0|10.0.0.5/24 vhid 1 advskew 100 pass up mtu 9000")))
        .isEmpty();
  }

  @Test
  void aGroupOfTheJobsChoiceIsPermittedByNoEntryWithoutOne() {
    Policy policy = policy(PolicyOption.ALLOW_USERS, "nobody", "10*", "5:5");

    for (String user : List.of("1000:0", "10:wheel", "nobody:0", "5:0")) {
      assertThat(refusals(policy, spec(JailParameters.NONE, Optional.of(user), List.of())))
          .as(user)
          .hasSize(1);
    }
    for (String user : List.of("1000", "nobody", "5:5")) {
      assertThat(refusals(policy, spec(JailParameters.NONE, Optional.of(user), List.of())))
          .as(user)
          .isEmpty();
    }
  }

  @Test
  void aNameInARootOfTheJobsIsNobodyInParticular() {
    Policy policy = policy(PolicyOption.ALLOW_USERS, "nobody", "1000");
    JailParameters own = JailParameters.NONE.with("path", List.of("/nomad/alloc/1/web/local/root"));

    assertThat(messages(policy, spec(own, Optional.of("nobody"), List.of())))
        .singleElement()
        .asString()
        .contains("the job's own etc/passwd says")
        .contains("write the user's number");
    assertThat(refusals(policy, spec(own, Optional.of("1000"), List.of()))).isEmpty();
    assertThat(refusals(Policy.DEFAULT, spec(own, Optional.of("nobody"), List.of()))).isEmpty();
  }

  // ---- devices, interfaces, datasets, users, limits

  @Test
  void anotherRulesetShowsOtherDevices() {
    JailSpec spec = spec("Devfs_ruleset", 0);

    assertThat(messages(Policy.DEFAULT, spec))
        .containsExactly(
            "Devfs_ruleset = \"0\" is not permitted: without a ruleset the jail sees all devices of"
                + " the host. The operator permits it with allow_devfs_rulesets = [\"4\", \"0\"] in"
                + " the plugin's config");
    assertThat(refusals(policy(PolicyOption.ALLOW_DEVFS_RULESETS, "0"), spec)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "nic, em0",
    "Interface, em0",
    "Ip4_addr, em0|10.0.0.1/24",
    "ip6_addr, em0|fd00::1",
    "Ip4Addr, 'em1|10.0.0.1,em0|10.0.0.2'"
  })
  void anInterfaceOfTheHostNeedsItsName(String key, String value) {
    Policy network = policy(PolicyOption.ALLOW_PARAMS, "safe", "network");
    Policy other = network.with(new Grant(PolicyOption.ALLOW_INTERFACES, "em1"));
    Policy both = other.with(new Grant(PolicyOption.ALLOW_INTERFACES, "em0"));

    assertThat(refusals(other, spec(key, value)))
        .extracting(refusal -> refusal.grant().orElseThrow())
        .containsExactly(new Grant(PolicyOption.ALLOW_INTERFACES, "em0"));
    assertThat(refusals(both, spec(key, value))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Ip4_addr, 10.0.0.1",
    "ip6_addr, fd00::1",
    "Ip4Addr, 'em1|10.0.0.1,10.0.0.2'",
    "Ip_hostname, true"
  })
  void anAddressWithoutAnInterfaceCouldBeThatOfAny(String key, String value) {
    Policy network =
        Policy.of(
            Map.of(
                PolicyOption.ALLOW_PARAMS, List.of("safe", "network"),
                PolicyOption.ALLOW_INTERFACES, List.of("em*")));

    assertThat(refusals(network, spec(key, value)))
        .extracting(refusal -> refusal.grant().orElseThrow())
        .containsExactly(new Grant(PolicyOption.ALLOW_INTERFACES, "*"));
    assertThat(refusals(network, spec(key, value, "Nic", "em1"))).isEmpty();
    assertThat(
            refusals(network.with(new Grant(PolicyOption.ALLOW_INTERFACES, "*")), spec(key, value)))
        .isEmpty();
  }

  @Test
  void aStarStandsForTheRestOfAName() {
    Policy policy =
        Policy.of(
            Map.of(
                PolicyOption.ALLOW_PARAMS, List.of("safe", "network"),
                PolicyOption.ALLOW_INTERFACES, List.of("epair*")));

    assertThat(refusals(policy, spec("Vnet", true, "Vnet_nic", List.of("epair0b", "epair", "em0"))))
        .extracting(refusal -> refusal.grant().orElseThrow().entry())
        .containsExactly("em0");
  }

  @Test
  void nobodyIsAdvisedToPermitEverythingForANameThatIsAStar() {
    Policy policy = policy(PolicyOption.ALLOW_PARAMS, "network");

    assertThat(refusals(policy, spec("nic", "*")))
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.grant()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"zroot", "zroot/jobsx", "zroot/jobs/../x", "tank/jobs"})
  void aDatasetIsTheHosts(String dataset) {
    Policy policy =
        Policy.of(
            Map.of(
                PolicyOption.ALLOW_PARAMS, List.of("mount"),
                PolicyOption.ALLOW_DATASETS, List.of("zroot/jobs")));

    assertThat(refusals(policy, spec("Zfs_dataset", dataset))).hasSize(1);
    assertThat(refusals(policy, spec("Zfs_dataset", List.of("zroot/jobs", "zroot/jobs/a"))))
        .isEmpty();
  }

  @Test
  void usersCanBeLimited() {
    Policy policy = policy(PolicyOption.ALLOW_USERS, "nobody", "10*");

    assertThat(refusals(policy, spec(JailParameters.NONE, Optional.of("nobody"), List.of())))
        .isEmpty();
    assertThat(refusals(policy, spec(JailParameters.NONE, Optional.of("1001"), List.of())))
        .isEmpty();
    for (String user : List.of("root", "0", "00", "Nobody", "nobody:0", "0:0")) {
      assertThat(refusals(policy, spec(JailParameters.NONE, Optional.of(user), List.of())))
          .as(user)
          .hasSize(1);
    }
    assertThat(messages(policy, spec("Exec_start", "sh /etc/rc")))
        .containsExactly(
            "user = \"root\" is not permitted: jobs may not run as the user \"root\". The operator"
                + " permits it with allow_users = [\"nobody\", \"10*\", \"root\"] in the plugin's"
                + " config",
            "Exec_start is not permitted: jobs may not run as the user \"root\". The operator"
                + " permits it with allow_users = [\"nobody\", \"10*\", \"root\"] in the plugin's"
                + " config");
    assertThat(refusals(policy, spec("Exec_start", "x", "Exec_jail_user", "nobody"))).isEmpty();
  }

  @Test
  void rootAndTheUser0AreTheSame() {
    for (String entry : List.of("root", "0")) {
      for (String user : List.of("root", "0")) {
        assertThat(
                refusals(
                    policy(PolicyOption.ALLOW_USERS, entry),
                    spec(JailParameters.NONE, Optional.of(user), List.of())))
            .isEmpty();
      }
    }
  }

  @Test
  void aRuleThatWritesToTheHostsLogIsRefused() {
    List<RctlRule> rules =
        Stream.of("openfiles:log=10", "maxproc:devctl=10", "memoryuse:sigkill=1g", "nthr:deny=9")
            .map(RctlRule::parse)
            .toList();

    assertThat(messages(Policy.DEFAULT, spec(JailParameters.NONE, Optional.empty(), rules)))
        .containsExactly(
            "the rctl rule \"openfiles:log=10\" is not permitted: it writes to the host's log. The"
                + " operator permits it with allow_rctl_actions = [\"deny\", \"throttle\","
                + " \"sig*\", \"log\"] in the plugin's config",
            "the rctl rule \"maxproc:devctl=10\" is not permitted: it tells the host's devd(8). The"
                + " operator permits it with allow_rctl_actions = [\"deny\", \"throttle\","
                + " \"sig*\", \"devctl\"] in the plugin's config");
  }

  // ---- ways round it

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exec.prestart",
        "EXEC.PRESTART",
        "Exec_Prestart",
        "exec_prestart",
        "exec.preStart"
      })
  void paramsIsNoWayRoundARefusal(String name) {
    JailSpec spec = spec(Source.JOB_PARAMS, "in params", name, "reboot");

    assertThat(refusals(Policy.DEFAULT, spec))
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.name()).isEqualTo(name);
              assertThat(refusal.place()).isEqualTo("in params");
              assertThat(refusal.grant())
                  .contains(new Grant(PolicyOption.ALLOW_HOST_HOOKS, "true"));
            });
  }

  @ParameterizedTest
  @CsvSource({
    "allow.noraw_sockets, ''",
    "allow.nochflags, ''",
    "allow.chflags, false",
    "allow.mount, 0",
    "noip_hostname, ''",
    "exec.noprestart, ''"
  })
  void toTakeAwayNeedsNoPermission(String name, String value) {
    JailSpec spec =
        spec(Source.JOB_PARAMS, "in params", name, value.isEmpty() ? Assignment.BARE : value);

    assertThat(refusals(Policy.DEFAULT, spec)).isEmpty();
  }

  @Test
  void aNegationThatIsFalseAsksForIt() {
    assertThat(
            refusals(
                Policy.DEFAULT, spec(Source.JOB_PARAMS, "in params", "allow.nochflags", false)))
        .extracting(Refusal::name)
        .containsExactly("allow.nochflags");
  }

  @Test
  void aSecondValueIsNoWayRoundARefusal() {
    Policy policy =
        Policy.of(
            Map.of(
                PolicyOption.ALLOW_PARAMS, List.of("safe", "mount"),
                PolicyOption.ALLOW_HOST_PATHS, List.of("/data")));
    String root = "/nomad/alloc/1/web";

    assertThat(
            refusals(
                policy,
                spec(
                    "Mount",
                    List.of("/data " + root + "/a nullfs ro", "/etc " + root + "/b nullfs ro"))))
        .extracting(refusal -> refusal.grant().orElseThrow())
        .containsExactly(new Grant(PolicyOption.ALLOW_HOST_PATHS, "/etc"));
  }

  @Test
  void allRefusalsAreToldTogetherEachOnceAndWhatTheyNamePermitsAll() {
    JailSpec spec =
        spec(
            "Path",
            "/jails/web",
            "Exec_prestart",
            List.of("a", "b"),
            "Allow_chflags",
            true,
            "Ip4_addr",
            List.of("em0|10.0.0.1", "em0|10.0.0.2"),
            "Vnet",
            "inherit",
            "Exec_consolelog",
            "/var/log/web",
            "Devfs_ruleset",
            5);

    assertThat(refusals(Policy.DEFAULT, spec))
        .extracting(Refusal::name)
        .containsExactlyInAnyOrder(
            "Exec_prestart",
            "Allow_chflags",
            "Ip4_addr",
            "Path",
            "Exec_consolelog",
            "Ip4_addr",
            "Devfs_ruleset");
    assertThat(messages(Policy.DEFAULT, spec)).doesNotHaveDuplicates();
    assertThat(refusals(permitting(spec), spec)).isEmpty();
  }

  @Test
  void aValueIsShownSoThatItCanBeCopiedToAConfig() {
    assertThat(messages(Policy.DEFAULT, spec("Path", "/a\"${b}%{c}\n\\")))
        .singleElement()
        .asString()
        .contains("allow_roots = [\"/a\\\"$${b}%%{c}\\n\\\\\"]")
        .doesNotContain("\n");
  }

  // ---- an operator's options

  @Test
  void theDefaultsAreWhatStaysInTheJail() {
    assertThat(Policy.DEFAULT)
        .hasToString(
            """
            allow_params = ["safe"]
            allow_host_hooks = false
            allow_roots = []
            allow_host_paths = []
            allow_fstabs = []
            allow_datasets = []
            allow_interfaces = []
            allow_devfs_rulesets = ["4"]
            allow_users = ["*"]
            allow_rctl_actions = ["deny", "throttle", "sig*"]""");
  }

  @Test
  void allThatIsWrongWithOptionsIsToldAtOnce() {
    assertThat(
            catchThrowableOfType(
                    InvalidValueException.class,
                    () ->
                        Policy.of(
                            Map.of(
                                PolicyOption.ALLOW_PARAMS,
                                List.of("save", "allow.raw_socket", "exec.prestart", "parent"),
                                PolicyOption.ALLOW_ROOTS,
                                List.of("jails", "/srv/../etc"),
                                PolicyOption.ALLOW_DEVFS_RULESETS,
                                List.of("70000"),
                                PolicyOption.ALLOW_RCTL_ACTIONS,
                                List.of("sigkil"))))
                .problems())
        .containsExactly(
            "allow_params: \"save\" is neither a group of parameters (safe, network, mount, all)"
                + " nor a parameter of jail(8). Did you mean \"safe\"?",
            "allow_params: \"allow.raw_socket\" is neither a group of parameters (safe, network,"
                + " mount, all) nor a parameter of jail(8). Did you mean \"allow.raw_sockets\"?",
            "allow_params: \"exec.prestart\" is about commands that run on the host as root:"
                + " allow_host_hooks = true permits them, all at once",
            "allow_params: \"parent\" can only be read: the kernel sets it",
            "allow_roots: \"jails\" must be absolute: a path of the host that begins with /",
            "allow_roots: \"/srv/../etc\" may not hold \"..\": write \"/etc\"",
            "allow_devfs_rulesets: \"70000\" is not the number of a devfs ruleset, from 0 to 65535",
            "allow_rctl_actions: \"sigkil\" is not an action of rctl(8). Did you mean"
                + " \"sigkill\"?");
  }

  @Test
  void aParameterMayBeNamedInAnySpelling() {
    for (String spelling : List.of("allow.chflags", "Allow_chflags", "ALLOW.CHFLAGS")) {
      assertThat(policy(PolicyOption.ALLOW_PARAMS, spelling).entries(PolicyOption.ALLOW_PARAMS))
          .containsExactly("allow.chflags");
    }
  }

  @Test
  void namesOfInterfacesUsersAndDatasetsAreChecked() {
    assertThat(problems(PolicyOption.ALLOW_INTERFACES, "em0,em1", "", "e*0", "-a")).hasSize(4);
    assertThat(problems(PolicyOption.ALLOW_USERS, "", "a b")).hasSize(2);
    assertThat(problems(PolicyOption.ALLOW_DATASETS, "/zroot", "", "zroot/..", "zroot@x"))
        .hasSize(4);
    assertThat(Arrays.asList(PolicyOption.values()))
        .allSatisfy(option -> assertThat(PolicyOption.find(option.key())).contains(option));
  }
}
