package io.gaol.jail.conf;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.jail.conf.JailConf.Jail;
import io.gaol.jail.conf.JailConf.Parameter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** What is written is read back, and whatever is read ends in a result or in its own error. */
class JailConfPropertiesTest {
  private static final Place HERE = new Place("here", 1, 1);

  private static final String SAMPLE =
      """
      # the jails
      $root = "/jails"; path = "$root/${name}"; // all
      exec.start = "/bin/sh /etc/rc"; exec.start += 'echo \\'x\\'', "y\\n" ;
      mount.devfs; allow.noraw_sockets;
      .include "more.conf";
      * { persist; ip4.addr em0|10.0.0.1/24; }
      "foo.*" { host.hostname = "$name"."example"; }
      foo { /* in it */ bar { devfs_ruleset = 0x4; meta = 'ä€\\303\\244'; } exec.clean = true; }
      5 { name = five; }
      """;

  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          ";",
          "=",
          "+=",
          ",",
          "'",
          "\"",
          "\\",
          "$",
          "${",
          "$x",
          "${x}",
          "#",
          "//",
          "/*",
          "*/",
          "*",
          "/",
          "+",
          "\n",
          "\r\n",
          " ",
          "\t",
          "\0",
          "\\0",
          "\\x",
          "\\777",
          "\u0001",
          "ä",
          "😀",
          "“",
          "\ud83d",
          ".include",
          ".include \"x\";",
          "name",
          "jid",
          "path",
          "no",
          "a.b",
          "web {",
          "* {",
          "\"a.*\" {",
          "5 {",
          "$x = 1;",
          "p = $x;",
          "${}",
          "1",
          "true",
          "..");

  @Property(tries = 10_000)
  void whatIsWrittenIsReadBackTheSame(@ForAll("jails") List<Jail> jails) throws JailConfException {
    String text = JailConfWriter.write(jails);
    JailConf read = JailConfReader.read(JailConfSource.of("jail.conf", text));

    assertThat(plain(read.jails())).isEqualTo(plain(jails));
    assertThat(read.warnings()).isEmpty();
  }

  @Property(tries = 10_000)
  void anyTextIsWrittenAndReadBackOrRefused(@ForAll String name, @ForAll String value) {
    Jail jail = new Jail(name, List.of(new Parameter("p", List.of(value), HERE)), HERE);
    String text;
    try {
      text = JailConfWriter.write(List.of(jail));
    } catch (JailConfException refused) {
      assertThat(name.isEmpty() || name.length() > 80 || unfit(name + value) || name.contains("*"))
          .as(refused.getMessage())
          .isTrue();
      return;
    }
    try {
      JailConf read = JailConfReader.read(JailConfSource.of("jail.conf", text));
      assertThat(plain(read.jails())).isEqualTo(plain(List.of(jail)));
    } catch (JailConfException wrong) {
      throw new AssertionError(text, wrong);
    }
  }

  @Property(tries = 100_000, shrinking = ShrinkingMode.OFF)
  void anyBytesAreReadOrRefused(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    readable(bytes);
  }

  @Property(tries = 100_000, shrinking = ShrinkingMode.OFF)
  void anyMixtureOfTheLanguageIsReadOrRefused(@ForAll long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(40); i > 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    readable(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Property(tries = 100_000, shrinking = ShrinkingMode.OFF)
  void aValidFileWithMistakesIsReadOrRefused(@ForAll long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder(SAMPLE);
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(8)));
        case 1 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        case 2 -> text.setCharAt(at, (char) random.nextInt(256));
        default -> text.insert(at, text.substring(random.nextInt(at + 1), at));
      }
      if (text.isEmpty()) {
        text.append('x');
      }
    }
    readable(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static boolean unfit(String text) {
    return text.chars().anyMatch(c -> c == 0 || Character.isSurrogate((char) c));
  }

  /** Reads it: what is wrong must be told as a problem with a place in the text. */
  private static void readable(byte[] bytes) {
    long lines =
        new String(bytes, StandardCharsets.ISO_8859_1).chars().filter(c -> c == '\n').count();
    JailConfLoader more = pattern -> List.of(JailConfSource.of(pattern, "more = \"$name\";"));
    List<Place> places = new ArrayList<>();
    try {
      JailConf conf = JailConfReader.read(JailConfSource.of("jail.conf", bytes), more);
      conf.jails().forEach(jail -> places.add(jail.place()));
      conf.warnings().forEach(warning -> places.add(warning.place()));
    } catch (JailConfException wrong) {
      if (wrong.problems().size() > 100) {
        throw new AssertionError(wrong);
      }
      wrong.problems().forEach(problem -> places.add(problem.place()));
    }
    for (Place place : places) {
      if (place.file().equals("jail.conf") && place.line() > lines + 1) {
        throw new AssertionError(place);
      }
    }
  }

  // ---- arbitrary jails that can be written

  @Provide
  Arbitrary<List<Jail>> jails() {
    Arbitrary<Parameter> parameter =
        Combinators.combine(names(), texts().list().ofMaxSize(3))
            .as((name, values) -> new Parameter(name, values, HERE));
    Arbitrary<Jail> jail =
        Combinators.combine(names(), parameter.list().ofMaxSize(4))
            .as((name, some) -> new Jail(name, each(some, one -> key(one.name())), HERE));
    return jail.list().ofMaxSize(3).map(some -> each(some, Jail::name));
  }

  private static String key(String name) {
    return ParameterName.key(name);
  }

  /** The first of each key. */
  private static <T> List<T> each(List<T> some, Function<T, String> key) {
    Set<String> keys = new HashSet<>();
    return some.stream().filter(one -> keys.add(key.apply(one))).toList();
  }

  private static Arbitrary<String> names() {
    return Arbitraries.oneOf(
            Arbitraries.of("persist", "exec.start", "allow.noraw_sockets", "5", "*x", "a.b"),
            texts().map(text -> text.isEmpty() ? "x" : text))
        .filter(name -> !ParameterName.isWild(name) && !ParameterName.isIdentity(name))
        .filter(name -> !name.equals(".include"));
  }

  /** What breaks quoting, and anything else but NUL and half surrogate pairs. */
  private static Arbitrary<String> texts() {
    return Arbitraries.strings()
        .withChars("'\"\\${}#/*=+,; \t\r\n\u0001\u001b\u007f\u0085\u2028äπ漢nx01")
        .withCharRange('\u0001', '\ud7ff')
        .ofMaxLength(12)
        .map(text -> text.endsWith("n") ? text + "😀" : text);
  }

  private static List<List<Object>> plain(List<Jail> jails) {
    return jails.stream()
        .map(
            jail ->
                List.<Object>of(
                    jail.name(),
                    jail.parameters().stream()
                        .map(parameter -> List.of(parameter.name(), parameter.values()))
                        .toList()))
        .toList();
  }
}
