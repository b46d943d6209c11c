package io.gaol.cli.convert;

import io.gaol.hcl.Hcl;
import io.gaol.jail.JailParameter;
import io.gaol.jail.JailParameterCatalogue;
import io.gaol.jail.ParameterType;
import io.gaol.jail.conf.JailConf;
import io.gaol.jail.conf.JailConf.Jail;
import io.gaol.jail.conf.JailConf.Parameter;
import io.gaol.jail.conf.Place;
import java.math.BigInteger;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes a Nomad job of the jails of a jail.conf: a group with one task for each, of the {@code
 * jail-task-driver}.
 */
public final class JobWriter {
  /** What jail(8) waits for after SIGTERM, in seconds. */
  static final long DEFAULT_STOP_TIMEOUT = 10;

  private final List<String> notCarried = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private final Set<String> names = new HashSet<>();

  private JobWriter() {}

  /**
   * The job.
   *
   * @param name of the job if there are several jails; of one jail, the job is called after it
   */
  public static Conversion write(String name, JailConf conf) {
    JobWriter writer = new JobWriter();
    conf.warnings().forEach(warning -> writer.notCarried.add(warning.toString()));
    writer.job(name, conf.jails());
    return new Conversion(Hcl.format("job", writer.text.toString()), writer.notCarried);
  }

  private void job(String name, List<Jail> jails) {
    StringBuilder groups = new StringBuilder();
    String only = name;
    for (Jail jail : jails) {
      String task = taskName(jail);
      only = task;
      groups.append("\ngroup ").append(HclText.ofLabel(task)).append(" {\n");
      groups.append(new Task(jail, task).text()).append("}\n");
    }
    text.append("job ").append(HclText.ofLabel(jails.size() == 1 ? only : name)).append(" {\n");
    text.append("type = \"service\"\n").append(groups).append("}\n");
  }

  /** A name that Nomad takes, and that no other task has. */
  private String taskName(Jail jail) {
    String wanted =
        jail.parameters().stream()
            .filter(parameter -> parameter.name().equals("name") && !parameter.values().isEmpty())
            .map(parameter -> parameter.values().getLast())
            .findFirst()
            .orElse(jail.name());
    String allowed = wanted.replaceAll("[/\\\\\\p{Cntrl}]", "-").strip();
    String name = allowed.isEmpty() ? "jail" : allowed;
    for (int number = 2; !names.add(name); number++) {
      name = allowed + "-" + number;
    }
    if (!name.equals(wanted)) {
      notCarried.add(
          "the name of the jail \"" + wanted + "\": its task is called \"" + name + "\"");
    }
    return name;
  }

  /** One jail as a task. */
  private final class Task {
    private final Jail jail;
    private final String name;

    /** By the keys of {@code config}, each a value in HCL; of a list its elements. */
    private final Map<String, List<String>> config = new LinkedHashMap<>();

    private final Map<String, List<String>> params = new LinkedHashMap<>();
    private final Map<String, String> givenAs = new LinkedHashMap<>();
    private long killTimeout = DEFAULT_STOP_TIMEOUT;

    Task(Jail jail, String name) {
      this.jail = jail;
      this.name = name;
    }

    String text() {
      if (jail.parameters().stream().noneMatch(parameter -> parameter.name().equals("path"))) {
        config.put("Path", List.of("\"/\""));
        lost("a path: jail(8) takes the host's own root without one, and so does the job");
      }
      if (!jail.name().equals(name) && jail.name().matches("[0-9]+")) {
        lost("the jail id " + jail.name());
      }
      // What follows "command" in jail(8)'s order is nothing: it goes behind exec.start.
      jail.parameters().stream()
          .filter(parameter -> !parameter.name().equals("command"))
          .forEach(this::parameter);
      jail.parameters().stream()
          .filter(parameter -> parameter.name().equals("command"))
          .forEach(this::parameter);
      StringBuilder task = new StringBuilder();
      task.append("task ").append(HclText.ofLabel(name)).append(" {\n");
      task.append("driver = \"jail-task-driver\"\n");
      task.append("kill_timeout = \"").append(killTimeout).append("s\"\n\nconfig {\n");
      config.forEach((key, values) -> task.append(key).append(" = ").append(value(values)));
      if (!params.isEmpty()) {
        task.append("\nparams = {\n");
        params.forEach(
            (key, values) ->
                task.append(HclText.ofConfig(key)).append(" = ").append(value(values)));
        task.append("}\n");
      }
      return task.append("}\n}\n").toString();
    }

    private static String value(List<String> values) {
      return values.size() == 1
          ? values.getFirst() + "\n"
          : values.stream().collect(Collectors.joining(",\n", "[\n", ",\n]\n"));
    }

    // ---- parameters

    private void parameter(Parameter parameter) {
      String given = parameter.name();
      Optional<Meaning> meaning = Meaning.of(given);
      if (given.equals("name")) {
        return; // The task is called so.
      }
      if (meaning.isEmpty()) {
        lost(
            parameter.place(),
            "\""
                + given
                + "\": no parameter of jail(8) that Gaol knows; it is in params as it was written");
        put(params, given, parameter, texts(parameter).orElse(List.of("true")));
        return;
      }
      JailParameter known = meaning.get().meant();
      if (known.name().equals("depend")) {
        lost(
            parameter.place(),
            "depend = "
                + String.join(", ", parameter.values())
                + ": Nomad starts the groups of a job together");
        return;
      }
      Optional<List<String>> values = values(known, meaning.get().negated(), parameter);
      if (values.isEmpty()) {
        return;
      }
      if (isKey(known)) {
        put(config, known.nomadName(), parameter, values.get());
      } else {
        put(params, known.name(), parameter, values.get());
      }
      if (given.equals("command")) {
        lost(
            parameter.place(),
            "\"command\" as such: it is the last of Exec_start, which jail(8) runs before it");
      }
    }

    private void put(
        Map<String, List<String>> map, String key, Parameter parameter, List<String> values) {
      String first = givenAs.putIfAbsent(key, parameter.name());
      if (first == null) {
        map.put(key, values);
      } else if (key.equals("Exec_start")) {
        List<String> all = new ArrayList<>(map.get(key));
        all.addAll(values);
        map.put(key, all);
      } else {
        lost(
            parameter.place(),
            "\"" + parameter.name() + "\": it is the same parameter as \"" + first + "\"");
      }
    }

    /** Values in HCL; nothing if jail(8) would not take them either. */
    private Optional<List<String>> values(
        JailParameter known, boolean negated, Parameter parameter) {
      if (known.settable() == JailParameter.Settable.NEVER) {
        lost(parameter.place(), described(parameter) + ": only the kernel sets it");
        return Optional.empty();
      }
      List<String> given = parameter.values();
      if (known.type() instanceof ParameterType.CommandLine && negated && given.isEmpty()) {
        return Optional.empty(); // There are none, as without it.
      }
      if (given.size() > 1 && !known.repeatable()) {
        lost(
            parameter.place(),
            "\""
                + parameter.name()
                + "\" has "
                + given.size()
                + " values: jail(8) takes the last, and so does the job");
      }
      boolean bare =
          given.isEmpty()
              && (known.type() instanceof ParameterType.Flag
                  || known.type() instanceof ParameterType.Choice);
      List<String> meant =
          bare
              ? List.of("1")
              : known.repeatable() || given.isEmpty() ? given : given.reversed().subList(0, 1);
      List<String> values = new ArrayList<>();
      for (String text : meant) {
        switch (known.type().read(text)) {
          case ParameterType.Reading.Value(String read) ->
              values.add(value(known, negated, parameter, text, read));
          case ParameterType.Reading.Wrong(String rule) ->
              lost(parameter.place(), described(parameter) + ": it " + rule);
        }
      }
      if (meant.isEmpty()) {
        lost(
            parameter.place(),
            described(parameter) + ": it takes " + known.type().expectation() + ", but has none");
      }
      return values.isEmpty() ? Optional.empty() : Optional.of(values);
    }

    private static String described(Parameter parameter) {
      return "\""
          + parameter.name()
          + (parameter.values().isEmpty() ? "" : " = " + parameter.values().getLast())
          + "\"";
    }

    private String value(
        JailParameter known, boolean negated, Parameter parameter, String text, String read) {
      return switch (known.type()) {
        case ParameterType.Flag _ -> Boolean.toString(read.equals("true") != negated);
        case ParameterType.Choice _ -> HclText.ofConfig(read);
        case ParameterType.WholeNumber _ -> number(parameter, read);
        default -> text(parameter, text);
      };
    }

    private Optional<List<String>> texts(Parameter parameter) {
      return parameter.values().isEmpty()
          ? Optional.empty()
          : Optional.of(parameter.values().stream().map(text -> text(parameter, text)).toList());
    }

    private String text(Parameter parameter, String text) {
      if (!Normalizer.isNormalized(text, Normalizer.Form.NFC)) {
        lost(
            parameter.place(),
            "\""
                + parameter.name()
                + "\" to the byte: HCL joins letters and their accents (Unicode NFC)");
      }
      if (text.startsWith("\ufeff")) {
        lost(
            parameter.place(),
            "\"" + parameter.name() + "\" to the byte: HCL drops the byte order mark before it");
      }
      return HclText.ofConfig(text);
    }

    private static final BigInteger LONGEST_WAIT = BigInteger.valueOf(Integer.MAX_VALUE);

    private String number(Parameter parameter, String digits) {
      if (parameter.name().equals("stop.timeout")) {
        long seconds = new BigInteger(digits).min(LONGEST_WAIT).longValueExact();
        killTimeout = Math.max(1, seconds);
        if (seconds < 1) {
          lost(
              parameter.place(),
              "stop.timeout = " + seconds + ": Nomad waits a second at least before it kills");
        }
      }
      return digits;
    }

    private void lost(String what) {
      lost(jail.place(), what);
    }

    private void lost(Place place, String what) {
      notCarried.add(place + ": " + name + ": " + what);
    }
  }

  /** Whether a job has a key for it, and need not call it by jail(8)'s own name. */
  private static boolean isKey(JailParameter parameter) {
    return JailParameterCatalogue.all().contains(parameter);
  }

  /**
   * What a name in jail.conf means.
   *
   * @param negated whether {@code no} stands before its last component
   */
  private record Meaning(JailParameter parameter, boolean negated) {
    /** Of a synonym what it is one of. */
    JailParameter meant() {
      return parameter.addsTo().flatMap(JailParameterCatalogue::find).orElse(parameter);
    }

    static Optional<Meaning> of(String name) {
      Optional<JailParameter> exactly =
          JailParameterCatalogue.all().stream()
              .filter(parameter -> parameter.name().equals(name))
              .findFirst();
      if (exactly.isPresent()) {
        return exactly.map(parameter -> new Meaning(parameter, false));
      }
      int last = name.lastIndexOf('.') + 1;
      if (name.startsWith("no", last)) {
        Optional<JailParameter> positive =
            JailParameterCatalogue.find(name.substring(0, last) + name.substring(last + 2))
                .filter(
                    parameter ->
                        parameter.type() instanceof ParameterType.Flag
                            || parameter.type() instanceof ParameterType.CommandLine);
        if (positive.isPresent()) {
          return positive.map(parameter -> new Meaning(parameter, true));
        }
      }
      return JailParameterCatalogue.find(name).map(parameter -> new Meaning(parameter, false));
    }
  }
}
