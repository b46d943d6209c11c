package io.gaol.jail.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gaol.jail.conf.JailConf.Jail;
import io.gaol.jail.conf.JailConf.Parameter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JailConfWriterTest {
  private static final Place HERE = new Place("web.nomad.hcl", 3, 5);

  @Test
  void valuesStandInSingleQuotesWhereNothingIsReplaced() throws JailConfException {
    Jail web =
        jail(
            "web",
            parameter("path", "/jails/web"),
            parameter("persist"),
            parameter("exec.start", "echo \"$HOME\" 'x' \\n ${y} #", "a\tb\r\nc\u001b[0m ä€"),
            parameter("exec.stop", ""));

    assertThat(JailConfWriter.write(List.of(web, jail("a.b"), jail("my jail"), jail("5"))))
        .isEqualTo(
            """
            web {
              path = '/jails/web';
              persist;
              exec.start = 'echo "$HOME" \\'x\\' \\\\n ${y} #',
                'a\\tb\\r\\nc\\033[0m ä€';
              exec.stop = '';
            }

            a.b {
            }

            'my jail' {
            }

            5 {
            }
            """);
  }

  @Test
  void noJailsAreNoText() throws JailConfException {
    assertThat(JailConfWriter.write(List.of())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      value = {
        "'' → the name of a jail cannot be empty",
        "* → the name \"*\" would be a wild card: no component of it can be *",
        "a.*.b → the name \"a.*.b\" would be a wild card: no component of it can be *",
        "a\0b → the name \"a?b\" has a NUL character in it, where jail(8) would end it",
        "a\ud83d → the name \"a\ud83d\" is no Unicode text: half of a surrogate pair is in it",
      })
  void aNameThatIsNotReadBackIsRefused(String name, String why) {
    assertThat(problems(jail(name))).containsExactly("web.nomad.hcl:3:5: " + why);
  }

  @Test
  void whatTheKernelHasNoRoomForIsRefused() {
    assertThat(
            problems(
                jail("n".repeat(255)),
                jail("ä".repeat(128)),
                jail(
                    "web",
                    parameter("path", "/".repeat(1024)),
                    parameter("host.hostuuid", "u".repeat(63)),
                    parameter("osrelease", "13.2-RELEASE-with-a-long-patch-l"),
                    parameter("vnet.interface", "e0b_web", "e0b_loghost_long"),
                    parameter("ip4.addr", "e0b_loghost_long|10.0.0.1", "em0|10.0.0.2/24"))))
        .containsExactly(
            "web.nomad.hcl:3:5: the name of the jail, \""
                + "ä".repeat(60)
                + "…\", has 256 bytes,"
                + " but there is room for 255",
            "web.nomad.hcl:3:5: \"path\" of the jail \"web\", \""
                + "/".repeat(60)
                + "…\", has 1024"
                + " bytes, but there is room for 1023",
            "web.nomad.hcl:3:5: \"osrelease\" of the jail \"web\","
                + " \"13.2-RELEASE-with-a-long-patch-l\", has 32 bytes, but there is room for 31",
            "web.nomad.hcl:3:5: \"vnet.interface\" of the jail \"web\", \"e0b_loghost_long\", has 16"
                + " bytes, but there is room for 15",
            "web.nomad.hcl:3:5: the interface in \"ip4.addr\" of the jail \"web\","
                + " \"e0b_loghost_long|10.0.0.1\", has 16 bytes, but there is room for 15");
  }

  @Test
  void whatWouldBeReadOtherwiseIsRefusedWithAllReasons() {
    assertThat(
            problems(
                jail(
                    "web",
                    parameter("persist"),
                    parameter("nopersist"),
                    parameter("a", "1"),
                    parameter("a", "2"),
                    parameter("name", "www"),
                    parameter("", "x"),
                    parameter(".include", "/etc/passwd"),
                    parameter("exec.start", "a\0b")),
                jail("web"),
                jail("5", parameter("jid", "6"))))
        .containsExactly(
            "web.nomad.hcl:3:5: \"nopersist\" and \"persist\" are the same parameter in the jail"
                + " \"web\"",
            "web.nomad.hcl:3:5: \"a\" is given twice in the jail \"web\"",
            "web.nomad.hcl:3:5: \"name\" of the jail \"web\" cannot be written: jail(8) takes the"
                + " name of the block, and no other",
            "web.nomad.hcl:3:5: a parameter of the jail \"web\" has no name",
            "web.nomad.hcl:3:5: \".include\" of the jail \"web\" would include a file",
            "web.nomad.hcl:3:5: \"exec.start\" of the jail \"web\" has a NUL character in it, where"
                + " jail(8) would end it",
            "web.nomad.hcl:3:5: two jails are named \"web\": jail(8) would refuse to start the"
                + " second",
            "web.nomad.hcl:3:5: \"jid\" of the jail \"5\" cannot be written: jail(8) takes the name"
                + " of the block, and no other");
  }

  private static Jail jail(String name, Parameter... parameters) {
    return new Jail(name, List.of(parameters), HERE);
  }

  private static Parameter parameter(String name, String... values) {
    return new Parameter(name, List.of(values), HERE);
  }

  private static List<String> problems(Jail... jails) {
    return catchThrowableOfType(JailConfException.class, () -> JailConfWriter.write(List.of(jails)))
        .problems()
        .stream()
        .map(JailConfProblem::toString)
        .toList();
  }
}
