package io.gaol.jail.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gaol.jail.conf.JailConf.Jail;
import io.gaol.jail.conf.JailConf.Parameter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JailConfReaderTest {
  // ---- statements

  @Test
  void everyFormOfAStatementGivesItsValues() {
    Jail jail =
        only(
            """
            web {
              persist;                                # bare
              path = "/jails/web";                    // with a sign
              host.hostname web.example;              /* without one */
              ip4.addr = 10.0.0.1, "em0|10.0.0.2/24"; # a list
              ip4.addr += 'em0|10.0.0.3';
              ;
              exec.start = "/bin/sh /etc/rc";
              exec.start
                +=
                  'echo done' ,
                  "exit 0"
              ;
              "allow.raw_sockets" = "true";
              allow.nochflags;
              exec.stop = ""
            ;}
            """);

    assertThat(jail.name()).isEqualTo("web");
    assertThat(values(jail))
        .containsExactly(
            Map.entry("persist", List.of()),
            Map.entry("path", List.of("/jails/web")),
            Map.entry("host.hostname", List.of("web.example")),
            Map.entry("ip4.addr", List.of("10.0.0.1", "em0|10.0.0.2/24", "em0|10.0.0.3")),
            Map.entry("exec.start", List.of("/bin/sh /etc/rc", "echo done", "exit 0")),
            Map.entry("allow.raw_sockets", List.of("true")),
            Map.entry("allow.nochflags", List.of()),
            Map.entry("exec.stop", List.of("")));
  }

  @Test
  void aJailConfOfBastilleIsReadAsItIs() {
    Jail jail =
        only(
            """
            azkaban {
              devfs_ruleset = 4;
              enforce_statfs = 2;
              exec.clean;
              exec.consolelog = /var/log/bastille/azkaban_console.log;
              exec.start = '/bin/sh /etc/rc';
              exec.stop = '/bin/sh /etc/rc.shutdown';
              host.hostname = azkaban;
              interface = bastille0;
              mount.devfs;
              mount.fstab = /usr/local/bastille/jails/azkaban/fstab;
              path = /usr/local/bastille/jails/azkaban/root;
              securelevel = 2;
              osrelease = 13.2-RELEASE;

              ip4.addr = bastille0|10.17.89.10;
              ip6 = disable;
            }
            """);

    assertThat(values(jail))
        .containsExactly(
            Map.entry("devfs_ruleset", List.of("4")),
            Map.entry("enforce_statfs", List.of("2")),
            Map.entry("exec.clean", List.of()),
            Map.entry("exec.consolelog", List.of("/var/log/bastille/azkaban_console.log")),
            Map.entry("exec.start", List.of("/bin/sh /etc/rc")),
            Map.entry("exec.stop", List.of("/bin/sh /etc/rc.shutdown")),
            Map.entry("host.hostname", List.of("azkaban")),
            Map.entry("interface", List.of("bastille0")),
            Map.entry("mount.devfs", List.of()),
            Map.entry("mount.fstab", List.of("/usr/local/bastille/jails/azkaban/fstab")),
            Map.entry("path", List.of("/usr/local/bastille/jails/azkaban/root")),
            Map.entry("securelevel", List.of("2")),
            Map.entry("osrelease", List.of("13.2-RELEASE")),
            Map.entry("ip4.addr", List.of("bastille0|10.17.89.10")),
            Map.entry("ip6", List.of("disable")));
  }

  @Test
  void aVnetJailOfBastilleIsReadAsItIs() {
    Jail jail =
        only(
            """
            thick {
              vnet;
              vnet.interface = e0b_thick;
              exec.prestart += "jib addm thick em0";
              exec.prestart += "ifconfig e0a_thick description \\"vnet host interface for jail thick\\"";
              exec.poststop += "jib destroy thick";
            }
            """);

    assertThat(values(jail))
        .containsExactly(
            Map.entry("vnet", List.of()),
            Map.entry("vnet.interface", List.of("e0b_thick")),
            Map.entry(
                "exec.prestart",
                List.of(
                    "jib addm thick em0",
                    "ifconfig e0a_thick description \"vnet host interface for jail thick\"")),
            Map.entry("exec.poststop", List.of("jib destroy thick")));
  }

  @Test
  void aParameterKnowsWhereItWasGivenLast() {
    Jail jail = only("a = 1;\n\nweb {\n  b;\n\ta = 2;\n  b; }");

    assertThat(jail.place()).hasToString("jail.conf:3:1");
    assertThat(jail.parameters())
        .extracting(Parameter::place)
        .extracting(Place::toString)
        .containsExactly("jail.conf:5:2", "jail.conf:6:3");
  }

  // ---- texts

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '`',
      value = {
        "/usr/local/bin/x           → /usr/local/bin/x",
        "a_!%&()-.:<>?@[]^|~9+*\\\\  → a_!%&()-.:<>?@[]^|~9+*\\",
        "'a'\"b\"c\\ d              → abc d",
        "\"a b\"                    → a b",
        "'a # // /* b */'           → a # // /* b */",
        "'a\"b'                     → a\"b",
        "\"a'b\"                    → a'b",
        "'a\\'b'                    → a'b",
        "\"a\\\"b\\\\\"             → a\"b\\",
        "'$x ${x}'                  → $x ${x}",
        "\"\\$x\"                   → $x",
        "\\$x                       → $x",
        "\"$(date) 100$ $1 $$ $\"   → $(date) 100$ $1 $$ $",
        "$1.$                       → $1.$",
        "'\\8\\q'                   → 8q",
        "'\\101\\x42\\x4q\\60z'     → AB\u0004q0z",
        "'\\303\\244\\xe2\\x82\\xac' → ä€",
        "'ä€😀'                      → ä€😀",
        "'\\303'\"\\244\"           → ä",
      })
  void aTextIsWhatJailWouldTakeItFor(String written, String meant) {
    assertThat(values(only("web { p = " + written + "; }"))).containsEntry("p", List.of(meant));
  }

  @Test
  void aTextMayHaveLineEndsAndControlCharactersInIt() {
    Jail jail = only("web { p = 'a\nb\\\nc', \"\\a\\b\\f\\n\\r\\t\\v\", 'x\ty'; }");

    assertThat(values(jail)).containsEntry("p", List.of("a\nbc", "\u0007\b\f\n\r\t\u000b", "x\ty"));
  }

  @Test
  void aCommentEndsAWordAndDividesIt() {
    assertThat(values(only("web { a = b#c\n; d = http:/**/ ; }")))
        .containsExactly(Map.entry("a", List.of("b")), Map.entry("d", List.of("http:")));
    assertThat(problems("web { a = b/*c*/d; }"))
        .containsExactly(
            "jail.conf:1:17: a value with blanks needs quotes, and several values need commas:"
                + " \"d\" stands here where \";\" is expected");
    assertThat(problems("web { a = http://x; }"))
        .containsExactly(
            "jail.conf:1:16: the \";\" after \"a\" is missing",
            "jail.conf:1:1: the block of \"web\" begins here and lacks its \"}\"");
  }

  // ---- variables

  @Test
  void variablesAndParametersOfTheJailAreReplaced() {
    Jail jail =
        only(
            """
            $root = "/jails";
            $full = "$root/${name}";
            path = "$full/root";
            web {
              $root = /tank;
              host.hostname = ${name}.example;
              exec.start = "echo ${host.hostname} $root.x", $root;
              mount.fstab = ${path}.fstab;
            }
            """);

    assertThat(values(jail))
        .containsExactly(
            Map.entry("path", List.of("/tank/web/root")),
            Map.entry("host.hostname", List.of("web.example")),
            Map.entry("exec.start", List.of("echo web.example /tank.x", "/tank")),
            Map.entry("mount.fstab", List.of("/tank/web/root.fstab")));
  }

  @Test
  void aVariableIsWhatItWasGivenLast() {
    assertThat(values(only("web { $x = 1; p = $x; $x = 2; $x += 3; $x = 4; }")))
        .containsExactly(Map.entry("p", List.of("4")));
  }

  @Test
  void aVariableOfSeveralValuesStandsAloneAndIsWarnedOf() throws JailConfException {
    JailConf conf = read("web { $x = 1, 2; p = 0, $x, 3; }");

    assertThat(values(conf.jails().getFirst()))
        .containsExactly(Map.entry("p", List.of("0", "1", "2", "3")));
    assertThat(conf.warnings())
        .extracting(JailConfProblem::toString)
        .containsExactly(
            "jail.conf:1:25: \"x\" has several values, and jail(8) crashes where it has to put"
                + " them in: write them out");
    assertThat(problems("web { $x = 1, 2; p = a$x; }"))
        .containsExactly(
            "jail.conf:1:23: \"x\" has several values, and cannot be a part of another one");
  }

  @Test
  void anUnknownVariableIsToldOnceWithTheNearestOne() {
    assertThat(problems("$roots = 1; path = $root; a { } b { } c { $rout = 1; }"))
        .containsExactly(
            "jail.conf:1:20: in the jail \"a\" the variable \"root\" is not known. Did you mean"
                + " \"$roots\"?");
    assertThat(problems("web { exec.start = \"echo $HOME\"; }"))
        .containsExactly(
            "jail.conf:1:26: in the jail \"web\" the variable \"HOME\" is not known. One that the"
                + " shell is to replace is written \\$HOME");
    assertThat(problems("web { persist; a = ${persist}; b = $a; }"))
        .containsExactly(
            "jail.conf:1:20: in the jail \"web\" the variable \"persist\" has no value");
  }

  @Test
  void variablesThatAreMadeOfThemselvesAreFound() {
    assertThat(problems("web { $a = $b; $b = \"x${c}\"; $c = $a; p = $a; }"))
        .containsExactly("jail.conf:1:35: \"a\" is made of itself by way of \"c\"");
    assertThat(problems("web { $a = $a; }"))
        .containsExactly("jail.conf:1:12: \"a\" is made of itself");
  }

  @Test
  void aVariableCannotHaveTheNameOfAParameter() {
    assertThat(problems("$path = x; web { $mine = 1; mine = 2; }"))
        .containsExactly(
            "jail.conf:1:1: the variable \"$path\" has the name of a parameter: jail(8) wants"
                + " another one",
            "jail.conf:1:29: the variable \"$mine\" has the name of a parameter: jail(8) wants"
                + " another one");
  }

  @Test
  void variablesThatDoubleEachOtherEndSoon() {
    String doubling =
        IntStream.range(0, 60)
            .mapToObj(i -> "$v" + i + " = \"$v" + (i + 1) + "$v" + (i + 1) + "\";")
            .collect(Collectors.joining("\n", "web {\n", "$v60 = x; }"));

    assertThat(problems(doubling))
        .containsExactly(
            "jail.conf:1:1: with their variables replaced, the values are longer than 64 MiB"
                + " together");
  }

  @Test
  void aLongChainOfVariablesEndsSoon() {
    String chain =
        IntStream.range(0, 20_000)
            .mapToObj(i -> "$v" + i + " = $v" + (i + 1) + ";")
            .collect(Collectors.joining("\n", "web {\n", "$v20000 = x; }"));

    assertThat(problems(chain))
        .containsExactly("jail.conf:1:1: variables are made of variables 500 deep, but not deeper");
  }

  // ---- which jail gets what

  @Test
  void whatStandsInNoBlockIsForAllJailsAndTheirOwnWins() throws JailConfException {
    assertThat(all("a = 1; b = 1; web { a = 2; b += 3; } db { c; }"))
        .containsExactly(
            Map.entry("web", Map.of("a", List.of("2"), "b", List.of("1", "3"))),
            Map.entry("db", Map.of("a", List.of("1"), "b", List.of("1"), "c", List.of())));
  }

  @Test
  void whatStandsInNoBlockCountsWhereTheFirstOfItStands() throws JailConfException {
    JailConf conf = read("one { a = own; } a = all; two { a = own; } a = again; b = 1;");

    assertThat(conf.jails())
        .extracting(jail -> values(jail).get("a"))
        .containsExactly(List.of("again"), List.of("own"));
    assertThat(conf.warnings())
        .extracting(JailConfProblem::toString)
        .containsExactly(
            "jail.conf:1:44: \"a\" stands after a block that gives it too. Since FreeBSD 14 the"
                + " block wins, before this line won: move it before all blocks");
  }

  @Test
  void aWildCardOverridesWhatStandsBeforeIt() throws JailConfException {
    assertThat(all("* { a = 1; } web { a = 2; b = 2; } * { b = 3; } db { }"))
        .containsExactly(
            Map.entry("web", Map.of("a", List.of("2"), "b", List.of("3"))),
            Map.entry("db", Map.of("a", List.of("1"), "b", List.of("3"))));
  }

  @ParameterizedTest
  @CsvSource({
    "*, web, true",
    "*, a.b, true",
    "foo.*, foo.bar, true",
    "foo.*, foo.bar.baz, true",
    "foo.*, foo, false",
    "foo.*, fool.bar, false",
    "*.web, a.web, true",
    "*.web, a.b.web, false",
    "a.*.c, a.b.c, true",
    "a.*.c, a.b.d, false",
    "a.*.*, a.b, false",
  })
  void aWildCardMeansTheJailsThatItMeansToJail(String wild, String jail, boolean meant)
      throws JailConfException {
    assertThat(all("\"" + wild + "\" { a; } " + jail + " { }"))
        .containsExactly(Map.entry(jail, meant ? Map.of("a", List.of()) : Map.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"web*", "a*.b", "**"})
  void aStarThatIsNoWholeComponentIsALetterOfAName(String name) throws JailConfException {
    assertThat(all("\"" + name + "\" { a; }")).containsOnlyKeys(name);
  }

  @Test
  void jailsInJailsAreNamedAfterThemAndInheritNothing() throws JailConfException {
    assertThat(all("a { x = 1; b { y = 2; \"c d\" { } } x += 2; }"))
        .containsExactly(
            Map.entry("a", Map.of("x", List.of("1", "2"))),
            Map.entry("a.b", Map.of("y", List.of("2"))),
            Map.entry("a.b.c d", Map.of()));
  }

  @Test
  void theNegationOfAParameterReplacesItWhereItStands() {
    Jail jail =
        only(
            "allow.raw_sockets; nopersist; x; web { allow.noraw_sockets; persist = true;"
                + " noexec.clean; exec.noclean; }");

    assertThat(values(jail))
        .containsExactly(
            Map.entry("allow.noraw_sockets", List.of()),
            Map.entry("persist", List.of("true")),
            Map.entry("x", List.of()),
            Map.entry("noexec.clean", List.of()),
            Map.entry("exec.noclean", List.of()));
  }

  @Test
  void aNameThatIsANumberIsTheNumberOfTheJail() {
    assertThat(values(only("5 { a = \"$jid $name\"; }"))).containsEntry("a", List.of("5 5"));
    assertThat(values(only("5 { a = $name; name = web; }")))
        .containsExactly(Map.entry("a", List.of("web")), Map.entry("name", List.of("web")));
    assertThat(values(only("0 { a = $name; jid = 7; }")))
        .containsExactly(Map.entry("a", List.of("0")), Map.entry("jid", List.of("7")));
  }

  @Test
  void aJailIsCalledAsItsBlockIs() {
    assertThat(problems("web { name = www; jid = 1; jid = 2; } 5 { jid = 6; }"))
        .containsExactly(
            "jail.conf:1:7: \"name\" is what the block is called already: leave it out",
            "jail.conf:1:28: \"jid\" is given already at jail.conf:1:19",
            "jail.conf:1:43: \"jid\" is what the block is called already: leave it out");
  }

  @Test
  void twoBlocksOfOneNameAreTwoJailsAndWarnedOf() throws JailConfException {
    JailConf conf = read("web { a; }\nweb { b; }");

    assertThat(conf.jails()).hasSize(2);
    assertThat(conf.warnings())
        .extracting(JailConfProblem::toString)
        .containsExactly(
            "jail.conf:2:1: there is a jail \"web\" already, at jail.conf:1:1: jail(8) takes this"
                + " for another one, and refuses to start the second");
  }

  // ---- included files

  @Test
  void anIncludedFileStandsWhereItIsIncluded() throws JailConfException {
    Map<String, String> files =
        Map.of(
            "/etc/jail.conf",
            "a = 1; .include \"jail.conf.d/*.conf\"; web { .include \"/srv/web\"; c = 3; }",
            "/etc/jail.conf.d/x.conf",
            "x { a += 2; } .include \"more\";",
            "/etc/jail.conf.d/y.conf",
            "y { }",
            "/etc/jail.conf.d/more",
            "m = 1;",
            "/srv/web",
            "b = 2; c = 2; sub { }");
    JailConf conf =
        JailConfReader.read(source(files, "/etc/jail.conf"), pattern -> matching(files, pattern));

    Map<String, Map<String, List<String>>> jails = new LinkedHashMap<>();
    conf.jails().forEach(jail -> jails.put(jail.name(), values(jail)));
    assertThat(jails)
        .containsExactly(
            Map.entry("x", Map.of("a", List.of("1", "2"), "m", List.of("1"))),
            Map.entry("y", Map.of("a", List.of("1"), "m", List.of("1"))),
            Map.entry(
                "web",
                Map.of("a", List.of("1"), "m", List.of("1"), "b", List.of("2"), "c", List.of("3"))),
            Map.entry("web.sub", Map.of("a", List.of("1"), "m", List.of("1"))));
    assertThat(conf.jails().getFirst().place()).hasToString("/etc/jail.conf.d/x.conf:1:1");
  }

  @Test
  void whatCannotBeIncludedIsToldWithItsPlace() {
    Map<String, String> files =
        Map.of(
            "/etc/jail.conf",
            """
            .include "none/*.conf";
            .include "none";
            .include "$x";
            .include = "b";
            .include;
            .include "secret";
            .include "a";
            """,
            "/etc/a",
            ".include 'b';",
            "/etc/b",
            "x = ;\n .include 'a';");

    JailConfException wrong =
        catchThrowableOfType(
            JailConfException.class,
            () ->
                JailConfReader.read(
                    source(files, "/etc/jail.conf"),
                    pattern -> {
                      if (pattern.endsWith("secret")) {
                        throw new JailConfLoader.UnreadableException(
                            pattern + " cannot be read: permission denied");
                      }
                      return matching(files, pattern);
                    }));

    assertThat(wrong.problems())
        .extracting(JailConfProblem::toString)
        .containsExactly(
            "/etc/jail.conf:4:1: .include takes no \"=\": write .include"
                + " \"/etc/jail.conf.d/*.conf\";",
            "/etc/jail.conf:5:1: a file is missing: write .include \"/etc/jail.conf.d/*.conf\";",
            "/etc/jail.conf:2:10: the file \"/etc/none\" does not exist",
            "/etc/jail.conf:3:10: the name of an included file can have no variable in it",
            "/etc/jail.conf:6:10: /etc/secret cannot be read: permission denied",
            "/etc/b:1:5: a value is missing; an empty one is written \"\"",
            "/etc/b:2:11: the file \"/etc/a\" includes itself by way of \"/etc/b\"");
  }

  @Test
  void filesThatIncludeEachOtherWithoutEndEndSoon() {
    AtomicInteger number = new AtomicInteger();
    JailConfLoader endless =
        pattern ->
            List.of(
                JailConfSource.of(
                    pattern + number.incrementAndGet(), ".include \"x\"; .include \"y\";"));
    JailConfException wrong =
        catchThrowableOfType(
            JailConfException.class,
            () -> JailConfReader.read(JailConfSource.of("/j", ".include \"z\";"), endless));

    assertThat(wrong.problems().getFirst().message()).contains("deep, but not deeper");
  }

  // ---- what is wrong

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '`',
      value = {
        "web { a = 1 }              → 1:12: the \";\" after \"a\" is missing",
        "web { a }                  → 1:8: the \";\" after \"a\" is missing",
        "web { a = ; }              → 1:11: a value is missing; an empty one is written \"\"",
        "web { a = 1,; }            → 1:13: a value is missing; an empty one is written \"\"",
        "web { a += }               → 1:12: a value is missing; an empty one is written \"\"",
        "web { a = = 1; }           → 1:11: a value is missing; an empty one is written \"\"",
        "web { = 1; b; }            → 1:7: a name of a parameter or jail is missing before \"=\"",
        "web { a;                   → 1:1: the block of \"web\" begins here and lacks its \"}\"",
        "web { } }                  → 1:9: there is no block that this \"}\" could end",
        "foo.* { a; }               → 1:1: this name needs quotes: write \"foo.*\" {",
        "my/jail { a; }             → 1:1: this name needs quotes: write \"my/jail\" {",
        "$x { a; }                  → 1:1: a variable cannot name a jail: write its name before \"{\"",
        "jail web { a; }            → 1:1: a block begins with one name, as in web { ... }, but here are several words before \"{\"",
        "\"\" { a; }                → 1:1: the name of a jail cannot be empty",
        "web { a/b = 1; }           → 1:8: a parameter's name has no \"/\" in it: only letters, digits, \"_\", \"-\" and \".\"",
        "web { a = \"1\" \"2\"; }   → 1:15: a value with blanks needs quotes, and several values need commas: \"2\" stands here where \";\" is expected",
        "web { a = 1 = 2; }         → 1:13: \"=\" stands here where \";\" is expected",
        "web { a = 'x; }            → 1:11: the string that begins here lacks its ending '",
        "web { a = \"x; }           → 1:11: the string that begins here lacks its ending \"",
        "web { a; } /* x            → 1:12: the comment that begins here lacks its \"*/\"",
        "web { a = ${x;             → 1:11: the variable \"${x;\" lacks its \"}\"",
        "web { a = \"${x\"; }       → 1:12: the variable \"${x\" lacks its \"}\"",
        "web { a = größe; }         → 1:13: \"öß\" can only stand in quotes",
        "web { a = “x”; }           → 1:11: the typographic quote “ is no quote: write \" or '",
        "web { a = '\\0'; }         → 1:11: jail(8) cannot hold a NUL byte: the text would end there",
        "web { a = 'x\\xyz'; }      → 1:11: jail(8) cannot hold a NUL byte: the text would end there",
        "web { a = 'x\\400'; }      → 1:11: jail(8) cannot hold a NUL byte: the text would end there",
        "web { a = 'x\\377'; }      → 1:11: \"x�\" is not UTF-8: save the file as UTF-8",
        "web { a \u0001; }          → 1:9: the control character 0x01 cannot stand here",
        "web { a; } \\              → 1:12: nothing follows the \"\\\" at the end of the file",
      })
  void whatIsWrongIsToldWithItsPlaceAndWhatWouldBeRight(String text, String first) {
    assertThat(problems(text).getFirst()).isEqualTo("jail.conf:" + first);
  }

  @Test
  void severalMistakesAreToldInOnePass() {
    assertThat(
            problems(
                """
                web {
                  path = /jails/web
                  host.hostname = web.example;
                  exec.start = /bin/sh /etc/rc;
                  persist = ;
                  foo.* { x; }
                  mount.devfs
                }
                db { persist; } }
                last = "x;
                """))
        .containsExactly(
            "jail.conf:2:20: the \";\" after \"path\" is missing",
            "jail.conf:4:24: a value with blanks needs quotes, and several values need commas:"
                + " \"/\" stands here where \";\" is expected",
            "jail.conf:5:13: a value is missing; an empty one is written \"\"",
            "jail.conf:6:3: this name needs quotes: write \"foo.*\" {",
            "jail.conf:7:14: the \";\" after \"mount.devfs\" is missing",
            "jail.conf:9:17: there is no block that this \"}\" could end",
            "jail.conf:10:8: the string that begins here lacks its ending \"");
  }

  @Test
  void aBlockInAStatementThatIsWrongIsLeftOutWithIt() {
    assertThat(problems("web { a = = x { b { c } } d }"))
        .containsExactly(
            "jail.conf:1:11: a value is missing; an empty one is written \"\"",
            "jail.conf:1:28: the \";\" after \"d\" is missing");
  }

  @Test
  void aFileThatIsNoTextIsToldSoOnceOrAHundredTimes() {
    byte[] binary = new byte[10_000];
    JailConfException wrong =
        catchThrowableOfType(
            JailConfException.class,
            () -> JailConfReader.read(JailConfSource.of("jail.conf", binary)));

    assertThat(wrong.problems()).hasSizeBetween(1, 100);
    assertThat(wrong).hasMessageContaining("this is no text file");
  }

  @Test
  void blocksNestedWithoutEndEndSoon() {
    assertThat(problems("a { ".repeat(100_000)).getFirst())
        .isEqualTo("jail.conf:1:513: blocks can be nested 128 deep, but not deeper");
  }

  @Test
  void manyWildCardsForManyJailsEndSoon() {
    String text =
        "* { a; }\n".repeat(20_000)
            + IntStream.range(0, 20_000)
                .mapToObj(i -> "j" + i + " { }")
                .collect(Collectors.joining("\n"));

    assertThat(problems(text).getFirst()).contains("combinations");
  }

  @Test
  void tenThousandJailsAreRead() throws JailConfException {
    String text =
        IntStream.range(0, 10_000)
            .mapToObj(
                i ->
                    "j%d { path = \"/jails/$name\"; host.hostname = ${name}.x; ip4.addr = 10.0.%d.%d;"
                            .formatted(i, i / 250, i % 250)
                        + " exec.start = '/bin/sh /etc/rc'; persist; }")
            .collect(Collectors.joining("\n", "mount.devfs; exec.clean;\n$x = 1;\n", "\n"));
    JailConf conf = read(text);

    assertThat(conf.jails()).hasSize(10_000);
    assertThat(values(conf.jails().get(9_999)))
        .containsExactly(
            Map.entry("mount.devfs", List.of()),
            Map.entry("exec.clean", List.of()),
            Map.entry("path", List.of("/jails/j9999")),
            Map.entry("host.hostname", List.of("j9999.x")),
            Map.entry("ip4.addr", List.of("10.0.39.249")),
            Map.entry("exec.start", List.of("/bin/sh /etc/rc")),
            Map.entry("persist", List.of()));
  }

  // ---- helpers

  private static JailConf read(String text) throws JailConfException {
    return JailConfReader.read(JailConfSource.of("jail.conf", text));
  }

  private static Jail only(String text) {
    try {
      JailConf conf = read(text);
      assertThat(conf.jails()).hasSize(1);
      return conf.jails().getFirst();
    } catch (JailConfException wrong) {
      throw new AssertionError(wrong);
    }
  }

  private static Map<String, Map<String, List<String>>> all(String text) throws JailConfException {
    Map<String, Map<String, List<String>>> jails = new LinkedHashMap<>();
    for (Jail jail : read(text).jails()) {
      jails.put(jail.name(), values(jail));
    }
    return jails;
  }

  private static Map<String, List<String>> values(Jail jail) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (Parameter parameter : jail.parameters()) {
      assertThat(values.put(parameter.name(), parameter.values())).isNull();
    }
    return values;
  }

  private static List<String> problems(String text) {
    return catchThrowableOfType(JailConfException.class, () -> read(text)).problems().stream()
        .map(JailConfProblem::toString)
        .toList();
  }

  private static JailConfSource source(Map<String, String> files, String name) {
    return JailConfSource.of(name, files.get(name).getBytes(StandardCharsets.UTF_8));
  }

  private static List<JailConfSource> matching(Map<String, String> files, String pattern) {
    List<JailConfSource> found = new ArrayList<>();
    String regex = pattern.replace(".", "\\.").replace("*", "[^/]*");
    files.keySet().stream()
        .filter(name -> name.matches(regex))
        .sorted()
        .forEach(name -> found.add(source(files, name)));
    return found;
  }
}
