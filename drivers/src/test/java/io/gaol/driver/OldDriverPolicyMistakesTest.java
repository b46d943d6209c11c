package io.gaol.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.jail.policy.Policy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the first jail driver for Nomad (cneira's, 2019) let every job do, one test for each: none
 * may come back.
 */
class OldDriverPolicyMistakesTest {
  private static List<String> keysRefused(Map<String, Object> config, Map<String, Object> options)
      throws ConfigException {
    TaskRequest request = JailTaskDriverTest.request(config);
    Policy policy = JailTaskDriverOptions.of(options).policy();
    return JailTaskDriverOptions.refusals(policy, request, new JailTaskDriver().spec(request))
        .stream()
        .map(ConfigProblem::key)
        .toList();
  }

  /** Whoever could submit a job was root on every client. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Exec_prestart",
        "Exec_created",
        "Exec_poststart",
        "Exec_prestop",
        "Exec_poststop"
      })
  void oldDriverJ46NoJobRunsACommandOnTheHostUnlessTheOperatorSaysSo(String hook)
      throws ConfigException {
    Map<String, Object> job = Map.of("Persist", true, hook, "cp /bin/sh /tmp/sh");

    assertThat(keysRefused(job, Map.of())).containsExactly(hook);
    assertThat(keysRefused(job, Map.of("allow_host_hooks", true))).isEmpty();
  }

  /** The root of a jail could be the host's own. */
  @ParameterizedTest
  @ValueSource(strings = {"/", "/etc", "/var/db", "/jails/../"})
  void oldDriverJ47NoDirectoryOfTheHostIsARootUnlessTheOperatorSaysSo(String path)
      throws ConfigException {
    assertThat(
            keysRefused(
                Map.of("Path", path, "Persist", true), Map.of("allow_roots", List.of("/jails"))))
        .containsExactly("Path");
  }

  /** A job could take the number of another jail. */
  @Test
  void oldDriverJ36NoJobChoosesTheNumberOfItsJailUnlessTheOperatorSaysSo() throws ConfigException {
    assertThat(keysRefused(Map.of("Jid", 1), Map.of())).containsExactly("Jid");
  }

  /** What was accepted and never sent to jail(8) is sent now, so it is asked about too. */
  @ParameterizedTest
  @CsvSource({
    "Ip6, inherit",
    "Allow_mount_devfs, true",
    "Allow_quotas, true",
    "Allow_read_msgbuf, true",
    "Allow_socket_af, true",
    "Allow_mlock, true",
    "Exec_fib, 1"
  })
  void oldDriverJ8WhatReachesTheHostIsAskedAboutOnceItHasAnEffect(String key, String value)
      throws ConfigException {
    assertThat(keysRefused(Map.of(key, value), Map.of())).containsExactly(key);
  }

  /** Zero and false were lost; to take a permission away needs none. */
  @ParameterizedTest
  @CsvSource({
    "Allow_set_hostname, false",
    "Allow_reserved_ports, false",
    "Allow_mlock, false",
    "Stop_timeout, 0",
    "Children_max, 0"
  })
  void oldDriverJ11ToTakeAPermissionAwayNeedsNone(String key, String value) throws ConfigException {
    assertThat(keysRefused(Map.of(key, value), Map.of())).isEmpty();
  }

  /** New parameters could not be used; where they can be, they are no way round a policy. */
  @ParameterizedTest
  @ValueSource(strings = {"exec.prepare", "exec.release", "allow.nfsd", "allow.routing", "depend"})
  void oldDriverJ14cAParameterThatNoSchemaListsIsAskedAboutToo(String name) throws ConfigException {
    Object value = name.startsWith("allow") ? (Object) true : "x";

    assertThat(keysRefused(Map.of("params", List.of(Map.of(name, value))), Map.of()))
        .containsExactly("params");
  }

  /** A mount line could show any directory of the host to a job. */
  @Test
  void oldDriverJ5NoMountShowsTheHostUnlessTheOperatorSaysSo() throws ConfigException {
    Map<String, Object> job = Map.of("Path", "/jails/web", "Mount", "/etc /jails/web/x nullfs rw");
    Map<String, Object> some =
        Map.of("allow_roots", List.of("/jails"), "allow_params", List.of("safe", "mount"));

    assertThat(keysRefused(job, some)).containsExactly("Mount");
  }

  /** Rules could be for anybody and write anywhere. */
  @Test
  void noRuleOfAJobWritesToTheHostsLogUnlessTheOperatorSaysSo() throws ConfigException {
    Map<String, Object> job = Map.of("rctl_rules", List.of("maxproc:devctl=1"));

    assertThat(keysRefused(job, Map.of())).hasSize(1);
    assertThat(keysRefused(job, Map.of("allow_rctl_actions", List.of("devctl")))).isEmpty();
  }
}
