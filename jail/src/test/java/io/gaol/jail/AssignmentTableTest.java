package io.gaol.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.gaol.jail.Assignment.Source;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What is made of one assignment: a row for each parameter, each of its spellings and each kind of
 * value. Several hundred rows are written by hand ({@code assignments.txt}), the others made of the
 * catalogue.
 */
class AssignmentTableTest {
  private static final AssignmentReader READER = AssignmentReader.ofCatalogue();

  // ---- by hand

  @TestFactory
  Stream<DynamicTest> anAssignmentWrittenByHandIsReadAsItSays() throws IOException {
    return rows().stream()
        .map(
            row -> {
              String[] sides = row.split(" => ", 2);
              return dynamicTest(row, () -> assertThat(outcome(sides[0])).isEqualTo(sides[1]));
            });
  }

  @Test
  void atLeast250RowsAreWrittenByHandAndNoneTwice() throws IOException {
    assertThat(rows()).hasSizeGreaterThanOrEqualTo(250).doesNotHaveDuplicates();
  }

  @Test
  void everyParameterHasARowWrittenByHand() throws IOException {
    String text = String.join("\n", rows());

    for (JailParameter parameter : JailParameterCatalogue.all()) {
      boolean named =
          Stream.concat(
                  Stream.of(parameter.name(), parameter.nomadName()),
                  parameter.otherNames().stream())
              .anyMatch(name -> text.matches("(?s).*[CPJF] " + name + "[ =].*"));
      assertThat(named).as(parameter.name()).isTrue();
    }
  }

  private static List<String> rows() throws IOException {
    try (InputStream stream = AssignmentTableTest.class.getResourceAsStream("assignments.txt")) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    }
  }

  private static String outcome(String assignment) {
    return outcome(READER.read(List.of(parse(assignment))));
  }

  private static String outcome(AssignmentReading reading) {
    return switch (reading) {
      case AssignmentReading.Refused(List<ParameterProblem> problems) ->
          "! " + String.join(" ! ", problems.stream().map(ParameterProblem::message).toList());
      case AssignmentReading.Accepted(JailParameters parameters)
          when parameters.names().isEmpty() ->
          "none";
      case AssignmentReading.Accepted(JailParameters parameters) -> {
        List<String> held = new ArrayList<>();
        for (String name : parameters.names()) {
          held.add(name + ": " + String.join(" ; ", parameters.values(name)));
        }
        String text = String.join(", ", held).replace("\n", "\\n");
        yield text.endsWith(": ") ? text + "(empty)" : text;
      }
    };
  }

  private static Assignment parse(String row) {
    String rest = row.substring(2);
    if (row.startsWith("J ")) {
      return Assignment.parse(rest, "");
    }
    int blank = rest.indexOf(' ');
    Source source =
        switch (row.charAt(0)) {
          case 'C' -> Source.JOB_CONFIG;
          case 'P' -> Source.JOB_PARAMS;
          case 'F' -> Source.JAIL_CONF;
          default -> throw new IllegalArgumentException(row);
        };
    return Assignment.of(
        rest.substring(0, blank), new Literal(rest.substring(blank + 1)).value(), "", source);
  }

  /** A value as the table writes it. */
  private static final class Literal {
    private final String text;
    private int at;

    Literal(String text) {
      this.text = text;
    }

    Object value() {
      skipBlanks();
      return switch (text.charAt(at)) {
        case '"' -> quoted();
        case '[' -> list();
        case '{' -> Map.of();
        default -> word();
      };
    }

    private void skipBlanks() {
      while (at < text.length() && " ,".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private String quoted() {
      StringBuilder value = new StringBuilder();
      for (at++; text.charAt(at) != '"'; at++) {
        if (text.charAt(at) == '\\') {
          at++;
          value.append(
              switch (text.charAt(at)) {
                case 'n' -> '\n';
                case '0' -> '\0';
                default -> text.charAt(at);
              });
        } else {
          value.append(text.charAt(at));
        }
      }
      at++;
      return value.toString();
    }

    private List<Object> list() {
      List<Object> items = new ArrayList<>();
      at++;
      skipBlanks();
      while (text.charAt(at) != ']') {
        items.add(value());
        skipBlanks();
      }
      at++;
      return items;
    }

    private Object word() {
      int from = at;
      while (at < text.length() && ",] ".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      String word = text.substring(from, at);
      return switch (word) {
        case "true" -> true;
        case "false" -> false;
        case "null" -> null;
        case "bare" -> Assignment.BARE;
        default -> new BigDecimal(word);
      };
    }
  }

  // ---- made of the catalogue

  /** Values of a type as they may be given, and what they are when they were read. */
  private static Map<Object, List<String>> samples(JailParameter parameter) {
    Map<Object, List<String>> samples = new LinkedHashMap<>();
    switch (parameter.type()) {
      case ParameterType.Flag f -> {
        samples.put(true, List.of("true"));
        samples.put(false, List.of("false"));
        samples.put("True", List.of("true"));
        samples.put("0", List.of("false"));
        samples.put(1, List.of("true"));
        samples.put(0L, List.of("false"));
        samples.put(List.of(false), List.of("false"));
        samples.put(Assignment.BARE, List.of("true"));
      }
      case ParameterType.Choice c -> {
        samples.put("new", List.of("new"));
        samples.put("NEW", List.of("new"));
        samples.put("inherit", List.of("inherit"));
        samples.put(true, List.of("new"));
        samples.put(2, List.of("inherit"));
        samples.put(List.of("Inherit"), List.of("inherit"));
        samples.put(Assignment.BARE, List.of("new"));
      }
      case ParameterType.WholeNumber n -> {
        samples.put("1", List.of("1"));
        samples.put(1, List.of("1"));
        samples.put(1L, List.of("1"));
        samples.put(1.0, List.of("1"));
        samples.put(new BigDecimal("1"), List.of("1"));
        samples.put(List.of(1), List.of("1"));
      }
      case ParameterType.FilePath p -> samples.put("/x", List.of("/x"));
      case ParameterType.Mount m ->
          samples.put("/a /j/b nullfs  ro", List.of("/a /j/b nullfs  ro"));
      case ParameterType.CommandLine c -> {
        samples.put("echo $x %s", List.of("echo $x %s"));
        samples.put(7, List.of("7"));
      }
      case ParameterType.Addresses(ParameterType.Addresses.Family family) -> {
        String address =
            family == ParameterType.Addresses.Family.IPV4 ? "em0|10.0.0.1" : "em0|fd00::1";
        samples.put(address, List.of(address));
      }
      case ParameterType.Text t -> {
        samples.put("4.4.0", List.of("4.4.0"));
        samples.put(List.of("1.2.3"), List.of("1.2.3"));
      }
    }
    if (parameter.repeatable()) {
      Object one = samples.keySet().iterator().next();
      String more =
          switch (parameter.type()) {
            case ParameterType.Addresses a -> "1";
            case ParameterType.Mount m -> ",nosuid";
            default -> "x";
          };
      samples.put(List.of(one, one + more), List.of(one.toString(), one + more));
    }
    return samples;
  }

  private static List<Assignment> assignments(JailParameter parameter, Object value) {
    List<Assignment> assignments = new ArrayList<>();
    List<String> nomad = new ArrayList<>(List.of(parameter.nomadName()));
    nomad.addAll(parameter.otherNames());
    for (String spelling : nomad) {
      assignments.add(Assignment.of(spelling, value, "", Source.JOB_CONFIG));
      String lower = spelling.toLowerCase(Locale.ROOT);
      if (!lower.equals("command")) {
        assignments.add(Assignment.of(lower, value, "", Source.JOB_CONFIG));
      }
      assignments.add(
          Assignment.of(spelling.toUpperCase(Locale.ROOT), value, "", Source.JOB_PARAMS));
    }
    String name = parameter.name();
    for (Source source : List.of(Source.JOB_PARAMS, Source.COMMAND_LINE, Source.JAIL_CONF)) {
      assignments.add(Assignment.of(name, value, "", source));
      assignments.add(Assignment.of(name.toUpperCase(Locale.ROOT), value, "", source));
      assignments.add(Assignment.of(name.replace('.', '_'), value, "", source));
    }
    return assignments.stream().distinct().toList();
  }

  private record Row(Assignment assignment, String name, List<String> values) {}

  private static List<Row> generated() {
    List<Row> rows = new ArrayList<>();
    for (JailParameter parameter : JailParameterCatalogue.all()) {
      String name = parameter.name().equals("command") ? "exec.start" : parameter.name();
      samples(parameter)
          .forEach(
              (value, read) ->
                  assignments(parameter, value)
                      .forEach(assignment -> rows.add(new Row(assignment, name, read))));
      if (parameter.type() instanceof ParameterType.Flag) {
        String negation = parameter.negation().orElseThrow();
        assignments(parameter.named(negation), Assignment.BARE).stream()
            .filter(assignment -> assignment.source() != Source.JOB_CONFIG)
            .forEach(assignment -> rows.add(new Row(assignment, name, List.of("false"))));
      }
    }
    return rows;
  }

  @Test
  void overAThousandRowsAreMadeOfTheCatalogue() {
    assertThat(generated()).hasSizeGreaterThan(1000);
  }

  @TestFactory
  Stream<DynamicTest> everySpellingTakesEveryKindOfValue() {
    return JailParameterCatalogue.all().stream()
        .map(
            parameter ->
                dynamicTest(
                    parameter.name(),
                    () ->
                        assertThat(
                                generated().stream()
                                    .filter(row -> row.name().equals(nameOf(parameter)))
                                    .filter(row -> !readAsTheRowSays(parameter, row)))
                            .isEmpty()));
  }

  private static String nameOf(JailParameter parameter) {
    return parameter.addsTo().orElse(parameter.name());
  }

  private static boolean readAsTheRowSays(JailParameter parameter, Row row) {
    List<Assignment> assignments = new ArrayList<>(List.of(row.assignment()));
    if (row.name().equals("vnet.interface")) {
      assignments.add(Assignment.of("vnet", "new", "", Source.JOB_PARAMS));
    }
    return switch (READER.read(assignments)) {
      case AssignmentReading.Accepted(JailParameters parameters) ->
          parameter.settable() != JailParameter.Settable.NEVER
              && parameters.values(row.name()).equals(row.values());
      case AssignmentReading.Refused(List<ParameterProblem> problems) ->
          parameter.settable() == JailParameter.Settable.NEVER
              && problems.getFirst().message().contains(" can only be read: ");
    };
  }
}
