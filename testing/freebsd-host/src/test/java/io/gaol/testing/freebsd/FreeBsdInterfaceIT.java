package io.gaol.testing.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.testing.freebsd.FreeBsd.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Interfaces that are handed to a jail with a network stack of its own. */
class FreeBsdInterfaceIT {
  @AutoClose private static FreeBsd host;

  private String pair;

  @BeforeAll
  static void open() {
    host = FreeBsd.open();
  }

  @BeforeEach
  void make() {
    host.remember();
    Outcome made =
        host.sh(
            "set -e; pair=$(ifconfig epair create); ifconfig ${pair%a}b name gaol0 >/dev/null; echo $pair");
    assertThat(made.status()).as("%s", made).isZero();
    pair = made.stdout().strip();
  }

  @AfterEach
  void nothingIsLeft() {
    host.sh("ifconfig " + pair + " destroy");
    assertThat(host.changes()).isEmpty();
  }

  private static Outcome run(String inJail, String... options) {
    List<String> words =
        new ArrayList<>(List.of("run", "-J", "vnet=new", "-J", "vnet.interface=gaol0"));
    words.addAll(List.of(options));
    words.addAll(List.of("/jails/base", "/bin/sh", "-c", inJail));
    return host.gaol(words.toArray(String[]::new));
  }

  private static String[] interfaces() {
    return host.sh("ifconfig -l").stdout().strip().split(" ");
  }

  @Test
  void itIsBackWhenTheTaskHasEnded() {
    Outcome outcome = run("ifconfig -l");
    assertThat(outcome.stdout()).contains("gaol0");
    assertThat(outcome.status()).as("%s", outcome).isZero();
    assertThat(interfaces()).contains("gaol0");
  }

  @Test
  void oneThatHasAnotherNameByThenIsKnownByItsAddress() {
    Outcome outcome = run("ifconfig -l", "-J", "exec.start=/sbin/ifconfig gaol0 name eth7");
    assertThat(outcome.stdout()).contains("eth7").doesNotContain("gaol0");
    assertThat(interfaces()).contains("eth7");
  }

  @Test
  void whatWasMadeInTheJailGoesWithIt() {
    Outcome outcome = run("ifconfig lo1 create; ifconfig -l");
    assertThat(outcome.stdout()).contains("lo1");
    assertThat(interfaces()).contains("gaol0").doesNotContain("lo1");
  }

  @Test
  void oneThatWasDestroyedIsNotMissed() {
    Outcome outcome = run("ifconfig gaol0 destroy && echo gone");
    assertThat(outcome.stderr()).doesNotContain("could be undone");
    // A kernel may let the network stack destroy it that made it, and no other.
    boolean gone = outcome.stdout().contains("gone");
    assertThat(List.of(interfaces()).contains("gaol0")).isEqualTo(!gone);
  }

  @Test
  void oneThatIsNotThereIsTheErrorAndNoOtherIsTouched() {
    Outcome outcome = run("ifconfig -l", "-J", "vnet.interface=nosuch0");
    assertThat(outcome.status()).isEqualTo(125);
    assertThat(outcome.stderr())
        .contains("interface nosuch0 does not exist")
        .doesNotContain("could be undone");
    assertThat(interfaces()).contains("gaol0");
  }
}
