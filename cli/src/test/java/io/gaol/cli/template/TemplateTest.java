package io.gaol.cli.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gaol.hcl.Diagnostic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TemplateTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-05T07:08:09.123456789Z"), ZoneId.of("Asia/Tokyo"));

  @TempDir Path folder;

  private TemplateContext context() {
    return new TemplateContext(
        Map.of("NAME", "web"),
        FileSandbox.of(Path.of("/"), Map.of(Path.of("/local"), folder.resolve("local"))),
        CLOCK,
        false);
  }

  private String render(String text) {
    try {
      return Template.parse("app.tmpl", text).render(context()).text();
    } catch (TemplateException wrong) {
      throw new AssertionError(wrong.render(), wrong);
    }
  }

  private String error(String text) {
    TemplateException wrong =
        catchThrowableOfType(
            TemplateException.class, () -> Template.parse("app.tmpl", text).render(context()));
    assertThat(wrong).as("no error from " + text).isNotNull();
    return wrong.render();
  }

  @Test
  void anErrorShowsTheLineAndThePlaceInIt() {
    assertThat(error("a\nport = {{ env \"NAME\" | parseInt }}\n"))
        .isEqualTo(
            """
            app.tmpl:2:24: Not a whole number: "web"
              port = {{ env "NAME" | parseInt }}
                                     ^^^^^^^^""");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{{ splt \",\" \"a\" }}|app.tmpl:1:4: There is no function \"splt\". Did you mean \"split\"?",
        "{{ $name := 1 }}{{ $nam }}|app.tmpl:1:20: There is no variable $nam. Did you mean $name?",
        "{{ if true }}x|app.tmpl:1:4: This \"if\" has no end. Every block needs an {{ end }}.",
        "a {{ end }}|app.tmpl:1:6: There is nothing that this \"end\" belongs to",
        "{{ \"a|app.tmpl:1:4: This string is not closed. It ends on its line with \"",
        "{{ 1|app.tmpl:1:1: This action is not closed. It ends with }}",
        "{{ (1 }}|app.tmpl:1:7: A \"(\" of this action is not closed",
        "{{ $x+1 }}|app.tmpl:1:6: \"+\" cannot follow a name directly. Operands are separated by"
            + " spaces; there are no operators.",
        "{{ toUpper }}|app.tmpl:1:4: \"toUpper\" takes 1 argument, not 0",
        "{{ toUpper 5 }}|app.tmpl:1:12: Expected a string, found a number. printf \"%v\" or toJSON"
            + " make a string.",
        "{{ template \"x\" }}|app.tmpl:1:4: There is no template \"x\".",
        "{{ define \"row\" }}{{ end }}{{ template \"rwo\" }}|app.tmpl:1:31: There is no template"
            + " \"rwo\". Did you mean \"row\"?",
        "{{ scratch.Foo }}|app.tmpl:1:4: scratch has no method \"Foo\". It has Get, Key, MapSet,"
            + " MapSetX, MapValues, Set, SetX.",
        "{{ eq 1 \"1\" }}|app.tmpl:1:4: A int cannot be compared with a string",
        "{{ break }}|app.tmpl:1:4: \"break\" stands outside of a range"
      })
  void anErrorSaysWhatIsWrongAndWhatWasProbablyMeant(String text, String message) {
    assertThat(error(text).lines().findFirst()).hasValue(message);
  }

  @Test
  void aMissingKeyIsAnErrorWhereItShallBeOne() throws TemplateException {
    Template template = Template.parse("t", "{{ (parseJSON `{\"port\":1}`).prot }}");
    TemplateContext strict =
        new TemplateContext(Map.of(), FileSandbox.empty(), Clock.systemUTC(), true);
    assertThat(template.render(context()).text()).isEqualTo("<no value>");
    assertThat(catchThrowableOfType(TemplateException.class, () -> template.render(strict)))
        .hasMessage("t:1:4: The map has no key \"prot\". Did you mean \"port\"?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{{ key \"a\" }}|Consul",
        "{{ range service \"web\" }}{{ end }}|Consul",
        "{{ with secret \"a\" }}{{ end }}|Vault",
        "{{ nomadVar \"a\" }}|Nomad server",
        "{{ range nomadService \"web\" }}{{ end }}|Nomad server",
        "{{ plugin \"ls\" }}|as root",
        "{{ writeToFile \"/a\" \"\" \"\" \"0644\" }}|as root",
        "{{ sockaddr \"GetPrivateIP\" }}|interfaces",
        "{{ spew_dump 1 }}|toJSONPretty",
        "{{ sprig_semver \"1\" }}|sprig"
      })
  void aFunctionThatCannotWorkHereIsRefusedWithTheReason(String text, String reason)
      throws TemplateException {
    assertThat(error(text)).contains("cannot be used here").contains(reason);
    assertThat(Template.parse("t", text).refused())
        .singleElement()
        .extracting(Diagnostic::detail)
        .asString()
        .contains(reason);
  }

  @Test
  void aRefusedFunctionThatIsNotReachedDoesNoHarm() {
    assertThat(render("{{ if env \"CONSUL\" }}{{ key \"a\" }}{{ else }}none{{ end }}"))
        .isEqualTo("none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{{ timestamp }}|2026-03-05T07:08:09Z",
        "{{ timestamp \"unix\" }}|1772694489",
        "{{ timestamp \"2006-01-02 15:04:05.000\" }}|2026-03-05 07:08:09.123",
        "{{ timestamp \"Mon Jan _2 3:04PM 2006 MST -0700\" }}|Thu Mar  5 7:08AM 2026 UTC +0000",
        "{{ timestamp \"Monday, January 2 06 002 Z07:00\" }}|Thursday, March 5 26 064 Z"
      })
  void aTimestampIsInUtcAndGosLayout(String text, String expected) {
    assertThat(render(text)).isEqualTo(expected);
  }

  @Test
  void filesOfTheSandboxAreReadAndNamed() throws IOException, TemplateException {
    Path file = Files.createDirectories(folder.resolve("local/conf")).resolve("a.json");
    Files.writeString(file, "{\"k\":\"é\"}");
    Files.createSymbolicLink(folder.resolve("local/link"), Path.of("conf/a.json"));
    Rendered rendered =
        Template.parse(
                "t",
                "{{ (file \"/local/conf/a.json\" | parseJSON).k }}{{ file \"local/link\" | len }}")
            .render(context());
    assertThat(rendered.text()).isEqualTo("é10");
    assertThat(rendered.filesRead()).containsExactly(file.toRealPath());
  }

  @Test
  void bytesThatAreNoTextComeOutAsTheyWentIn() throws IOException, TemplateException {
    byte[] bytes = {0, (byte) 0xFF, (byte) 0xC3, 10};
    Files.write(Files.createDirectories(folder.resolve("local")).resolve("key"), bytes);
    assertThat(Template.parse("t", "{{ file \"/local/key\" }}").render(context()).bytes())
        .isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "/etc/passwd, it is not below /local",
    "/local/../etc/passwd, it is not below /local",
    "../etc/passwd, it is not below /local",
    "/locality, it is not below /local",
    "/local/none, there is no such file",
    "/local, it is not a regular file",
    "/local/out, a symbolic link leads out of /local",
    "/local/up/secret, a symbolic link leads out of /local",
    "/local/circle, it is not there",
    "/local/big, it is larger than 16 MiB"
  })
  void aFileOutsideOfTheSandboxIsNotRead(String path, String why) throws IOException {
    Path local = Files.createDirectories(folder.resolve("local"));
    Files.writeString(folder.resolve("secret"), "secret");
    Files.createSymbolicLink(local.resolve("out"), folder.resolve("secret"));
    Files.createSymbolicLink(local.resolve("up"), Path.of(".."));
    Files.createSymbolicLink(local.resolve("circle"), Path.of("circle"));
    try (var big = new java.io.RandomAccessFile(local.resolve("big").toFile(), "rw")) {
      big.setLength(FileSandbox.MOST_BYTES + 1L);
    }
    assertThat(error("{{ file \"" + path + "\" }}"))
        .contains("The file " + path + " cannot be read: ")
        .contains(path.equals("/local/circle") ? "" : why)
        .doesNotContain("secret\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ range loop 100000000000 }}{{ end }}",
        "{{ range 9223372036854775807 }}{{ end }}",
        "{{ define \"a\" }}{{ template \"a\" }}{{ end }}{{ template \"a\" }}",
        "{{ define \"a\" }}{{ executeTemplate \"a\" }}{{ end }}{{ executeTemplate \"a\" }}",
        "{{ $x := \"xxxxxxxx\" }}{{ range loop 100 }}{{ $x = printf \"%s%s\" $x $x }}{{ end }}",
        "{{ $x := \"xxxxxxxx\" }}{{ range loop 100 }}{{ $x = replaceAll \"x\" $x $x }}{{ end }}",
        "{{ indent 1000000000 \"a\" }}",
        "{{ printf \"%999999d%999999d%999999d%999999d%999999d%999999d\" 1 1 1 1 1 1 | printf"
            + " \"%[1]s%[1]s%[1]s%[1]s\" }}",
        "{{ range loop 2000 }}{{ printf \"%99999d\" 1 }}{{ end }}",
        "{{ scratch.MapSet \"a\" \"self\" 1 }}{{ scratch.MapSet \"a\" \"self\" (scratch.Get \"a\")"
            + " }}{{ scratch.Get \"a\" }}",
        "{{ scratch.MapSet \"a\" \"self\" 1 }}{{ scratch.MapSet \"a\" \"self\" (scratch.Get \"a\")"
            + " }}{{ scratch.Get \"a\" | toJSON }}",
        "{{ scratch.MapSet \"a\" \"self\" 1 }}{{ scratch.MapSet \"a\" \"self\" (scratch.Get \"a\")"
            + " }}{{ scratch.Get \"a\" | toYAML }}",
        "{{ scratch.MapSet \"a\" \"self\" 1 }}{{ scratch.MapSet \"a\" \"self\" (scratch.Get \"a\")"
            + " }}{{ scratch.Get \"a\" | toTOML }}",
        "{{ regexMatch \"((a{1000}){1000}){1000}\" \"a\" }}",
        "{{ regexMatch `[]{](\\((?:a{100}){100})+` \"a\" }}",
        "{{ $r := printf \"%1000d\" 1 | replaceAll \" \" \"a{1000}\" | slice | printf \"%.9000s\" }}"
            + "{{ regexMatch $r (printf \"%99999d\" 1) }}",
        "{{ parseYAML \"a: &a [x,x]\\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\\nc: &c [*b,*b,*b,*b,*b,*b,*b]"
            + "\\nd: &d [*c,*c,*c,*c,*c,*c,*c]\\ne: &e [*d,*d,*d,*d,*d,*d,*d]\\nf: &f"
            + " [*e,*e,*e,*e,*e,*e,*e]\\ng: [*f,*f,*f,*f,*f,*f,*f,*f,*f,*f,*f,*f,*f,*f,*f,*f,*f,*f,*f"
            + ",*f,*f,*f,*f,*f,*f,*f,*f,*f,*f,*f,*f]\" | toJSONPretty }}"
      })
  void aTemplateThatDoesTooMuchIsEnded(String text) {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60), () -> assertThat(error(text)).startsWith("app.tmpl:1:"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        "{{ if 1 }}",
        "{{ range x }}",
        "{{ with 1 }}",
        "{{ block \"a\" . }}",
        "{{ (("
      })
  void nestingThatIsTooDeepIsAnErrorWithItsPlace(String opening) {
    assertThat(error("{{ 1 }}{{ " + opening.repeat(opening.equals("(") ? 100_000 : 1)))
        .startsWith("app.tmpl:");
    assertThat(error(opening.repeat(50_000) + "{{ if")).startsWith("app.tmpl:");
  }

  @Test
  void repeatsThatGoAllowsAreAllowed() {
    assertThat(
            render(
                "{{ regexMatch `^(x{10}){100}$` (printf \"%01000d\" 0 | replaceAll \"0\" \"x\") }}"
                    + "{{ regexMatch `[[:alpha:]{1000}{1000}]{2}\\{1000}\\Q{9999}{9999}` \"a\" }}"))
        .isEqualTo("truefalse");
  }

  @Test
  void aLongChainOfElseIfIsNoNesting() {
    String chain = "{{ if 0 }}" + "{{ else if 0 }}a".repeat(10_000) + "{{ else }}b{{ end }}";
    assertThat(render(chain)).isEqualTo("b");
  }

  @Test
  void theNestingAllowedFitsTheStackOfASmallThread() throws InterruptedException {
    String blocks =
        "{{ range loop 1 }}".repeat(45) + "{{ template \"a\" 1 }}" + "{{ end }}".repeat(45);
    String text =
        "{{ define \"a\" }}{{ if lt . 150 }}{{ template \"a\" (add . 1) }}{{ end }}{{ end }}"
            + blocks
            + "{{ "
            + "(print ".repeat(90)
            + "1"
            + ")".repeat(90)
            + " }}";
    List<Throwable> thrown = new CopyOnWriteArrayList<>();
    Thread thread =
        new Thread(null, () -> assertThat(render(text)).isEqualTo("1"), "small", 1 << 20);
    thread.setUncaughtExceptionHandler((_, e) -> thrown.add(e));
    thread.start();
    thread.join();
    assertThat(thrown).isEmpty();
  }
}
