package io.gaol.cli.params;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.gaol.jail.ByValue;
import io.gaol.jail.JailParameter;
import io.gaol.jail.JailParameterCatalogue;
import io.gaol.jail.ParameterFamily;
import io.gaol.jail.ParameterGroup;
import io.gaol.jail.PolicyGroup;
import io.gaol.jail.Relation;
import io.gaol.jail.policy.PolicyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The catalogue as text: on a terminal, as a page, as JSON. Pure. */
public final class ParameterReference {
  /** The command that writes the page anew. */
  public static final String COMMAND = "./gaol params --markdown > docs/parameters.md";

  private ParameterReference() {}

  /** All parameters, families last. */
  static List<JailParameter> all() {
    return Stream.concat(
            JailParameterCatalogue.all().stream(),
            JailParameterCatalogue.families().stream().map(ParameterFamily::template))
        .toList();
  }

  /**
   * The parameters that somebody asks for.
   *
   * @param pattern a name in any spelling, or a part of some; {@code *} is any text
   * @return none if nothing is like it
   */
  public static List<JailParameter> matching(String pattern) {
    if (!pattern.contains("*")) {
      Optional<JailParameter> exact = JailParameterCatalogue.row(pattern);
      if (exact.isPresent()) {
        return List.of(exact.get());
      }
    }
    List<String> parts = List.of(key(pattern).split("\\*+", -1));
    return all().stream()
        .filter(
            parameter -> spellings(parameter).stream().anyMatch(name -> inOrder(key(name), parts)))
        .toList();
  }

  private static boolean inOrder(String text, List<String> parts) {
    int at = 0;
    for (String part : parts) {
      int found = text.indexOf(part, at);
      if (found < 0) {
        return false;
      }
      at = found + part.length();
    }
    return true;
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT).replace('.', '_');
  }

  /** One line for each of several. */
  public static String list(List<JailParameter> parameters) {
    int width = parameters.stream().mapToInt(p -> p.name().length()).max().orElse(0);
    return parameters.stream()
        .map(p -> p.name() + " ".repeat(width - p.name().length() + 2) + p.description() + "\n")
        .collect(Collectors.joining());
  }

  /** All that is known of one. */
  public static String explain(JailParameter parameter, Machine machine) {
    StringBuilder text = new StringBuilder(parameter.name() + "\n  " + parameter.description());
    text.append("\n\n");
    line(text, "takes", takes(parameter));
    line(text, "default", parameter.byDefault());
    line(text, "in a job", String.join(", ", nomad(parameter)));
    line(text, "elsewhere", String.join(", ", elsewhere(parameter)));
    line(text, "set", set(parameter));
    line(text, "permitted", permitted(parameter));
    line(text, "FreeBSD", "since " + parameter.availability());
    for (Relation relation : parameter.relations()) {
      line(text, "with", relation + ": " + relation.reason());
    }
    if (!machine.system().equals("Linux")) {
      line(text, "Linux", Machine.linux(parameter.linux()));
    }
    line(
        text,
        "here",
        machine.system() + " " + machine.release() + ": " + machine.support(parameter));
    return text.toString();
  }

  private static void line(StringBuilder text, String label, String value) {
    if (!value.isEmpty()) {
      text.append("  ").append(label).append(" ".repeat(12 - label.length())).append(value);
      text.append("\n");
    }
  }

  private static String takes(JailParameter parameter) {
    return parameter.type().expectation() + (parameter.repeatable() ? "; one or a list" : "");
  }

  private static List<String> nomad(JailParameter parameter) {
    return JailParameterCatalogue.nomadSpellingsOf(parameter);
  }

  private static List<String> elsewhere(JailParameter parameter) {
    List<String> names = new ArrayList<>(List.of(parameter.name()));
    parameter.negation().ifPresent(names::add);
    return names;
  }

  private static Set<String> spellings(JailParameter parameter) {
    Set<String> spellings = new LinkedHashSet<>(elsewhere(parameter));
    spellings.addAll(nomad(parameter));
    return spellings;
  }

  private static String set(JailParameter parameter) {
    String who =
        switch (parameter.setter()) {
          case ROOT -> "by root";
          case ROOT_WITHIN_ITS_OWN_LIMITS -> "by root, in a jail within that jail's own limits";
          case KERNEL -> "by the kernel alone";
        };
    return switch (parameter.settable()) {
      case AT_CREATION -> "when the jail is created, " + who;
      case AT_ANY_TIME -> "at any time, " + who;
      case NEVER -> "never, " + who;
    };
  }

  /** What an operator's config says for a job to set it; nothing of what no job can set. */
  private static String permitted(JailParameter parameter) {
    if (parameter.settable() == JailParameter.Settable.NEVER) {
      return "";
    }
    ByValue<PolicyGroup> policy = parameter.policy();
    List<String> ways = new ArrayList<>();
    policy
        .particular()
        .forEach((value, group) -> ways.add("\"" + value + "\": " + permitted(parameter, group)));
    ways.add((ways.isEmpty() ? "" : "any other: ") + permitted(parameter, policy.otherwise()));
    List<String> limits =
        Arrays.stream(PolicyOption.values())
            .filter(option -> option.parameters().contains(parameter.name()))
            .map(PolicyOption::key)
            .toList();
    return String.join("; ", ways)
        + (limits.isEmpty()
            ? ""
            : ", as far as " + String.join(", ", limits) + (limits.size() == 1 ? " goes" : " go"));
  }

  private static String permitted(JailParameter parameter, PolicyGroup group) {
    return switch (group) {
      case SAFE -> "by default";
      case NETWORK, MOUNT -> by(PolicyOption.ALLOW_PARAMS, group.keyword());
      case ALL -> by(PolicyOption.ALLOW_PARAMS, parameter.name());
      case HOST_HOOK -> by(PolicyOption.ALLOW_HOST_HOOKS, PolicyOption.TRUE);
    };
  }

  /** What is written replaces the default, so that is written with it. */
  private static String by(PolicyOption option, String entry) {
    List<String> entries = new ArrayList<>(option.byDefault());
    entries.add(entry);
    return "by " + option.written(entries);
  }

  /** For programs. */
  public static JsonArray json(List<JailParameter> parameters, Machine machine) {
    JsonArray array = new JsonArray();
    for (JailParameter parameter : parameters) {
      JsonObject object = new JsonObject();
      object.addProperty("name", parameter.name());
      object.addProperty("group", parameter.group().title());
      object.addProperty("kind", parameter.kind().name().toLowerCase(Locale.ROOT));
      object.addProperty("description", parameter.description());
      object.addProperty("takes", parameter.type().expectation());
      object.addProperty("repeatable", parameter.repeatable());
      object.addProperty("default", parameter.byDefault());
      object.add("job_keys", texts(nomad(parameter)));
      object.add("names", texts(elsewhere(parameter)));
      object.addProperty("set", set(parameter));
      object.addProperty("permitted", permitted(parameter));
      object.addProperty("freebsd_since", parameter.availability().toString());
      object.add(
          "relations", texts(parameter.relations().stream().map(Relation::toString).toList()));
      object.addProperty("linux", Machine.linux(parameter.linux()));
      object.addProperty("here", machine.support(parameter));
      array.add(object);
    }
    return array;
  }

  private static JsonArray texts(List<String> texts) {
    JsonArray array = new JsonArray();
    texts.forEach(array::add);
    return array;
  }

  /** The reference page. */
  public static String markdown() {
    StringBuilder page = new StringBuilder("# The parameters of jail(8)\n\n");
    page.append(
        """
        Made of the catalogue by `%s`; do not edit. `gaol params NAME` explains one, in any
        spelling, with what this machine makes of it.

        A job's `config` knows the keys in the column "in a job", and each in lower case. `params`, `-J` and jail.conf
        know jail(8)'s names in any letter case, with dots or underscores, and their negations, such as
        `allow.noraw_sockets`. The column "permitted" says what an operator writes into the plugin's config for jobs to
        set a parameter ([operators.md](operators.md)); what takes something away needs no permission.
        """
            .formatted(COMMAND));
    for (ParameterGroup group : ParameterGroup.values()) {
      page.append("\n## ").append(group.title()).append("\n\n```hcl\n");
      page.append(example(group)).append("```\n\n");
      page.append(
          "| parameter | in a job | what it is for | takes | default | permitted | FreeBSD | Linux"
              + " |\n");
      page.append("|---|---|---|---|---|---|---|---|\n");
      all().stream()
          .filter(parameter -> parameter.group() == group)
          .forEach(parameter -> page.append(row(parameter)));
    }
    return page.toString();
  }

  private static String row(JailParameter parameter) {
    String relations =
        parameter.relations().stream()
            .map(relation -> " It " + relation + ".")
            .collect(Collectors.joining());
    String job =
        nomad(parameter).stream()
            .filter(key -> !key.equals(key.toLowerCase(Locale.ROOT)))
            .map(key -> "`" + key + "`")
            .collect(Collectors.joining(", "));
    boolean readOnly = parameter.settable() == JailParameter.Settable.NEVER;
    return Stream.of(
            "`" + parameter.name() + "`",
            job,
            parameter.description() + relations,
            readOnly ? "nothing: it is read-only" : takes(parameter),
            parameter.byDefault(),
            permitted(parameter),
            parameter.availability().toString(),
            readOnly ? "" : Machine.linux(parameter.linux()))
        .map(cell -> cell.replace("|", "\\|").replace("<", "&lt;"))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  /** A job's config that uses parameters of a group. */
  static String example(ParameterGroup group) {
    return switch (group) {
      case IDENTITY ->
          """
          config {
            Path    = "/jails/web"
            Persist = true
          }
          """;
      case HOST ->
          """
          config {
            Host_hostname   = "web.example.org"
            Host_domainname = "example.org"
          }
          """;
      case COMMANDS ->
          """
          config {
            Exec_prestart = ["logger starting web", "logger still starting"]
            Exec_start    = "sh /etc/rc"
            Exec_stop     = "sh /etc/rc.shutdown"
            Exec_timeout  = 30
            Stop_timeout  = 10
          }
          """;
      case NETWORK ->
          """
          config {
            Vnet     = true
            Vnet_nic = ["e0b_web"]
          }
          """;
      case MOUNTS ->
          """
          config {
            Mount         = ["/data /jails/web/data nullfs ro", "tmpfs /jails/web/tmp tmpfs rw"]
            Mount_devfs   = true
            Devfs_ruleset = 4
          }
          """;
      case PERMISSIONS ->
          """
          config {
            Allow_raw_sockets    = true
            Allow_reserved_ports = false

            params = {
              "allow.nfsd"    = false
              "allow.nosuser" = true
            }
          }
          """;
      case MOUNT_PERMISSIONS ->
          """
          config {
            Allow_mount       = true
            Allow_mount_tmpfs = true
            Enforce_statfs    = 1

            params = {
              "allow.mount.p9fs" = true
            }
          }
          """;
      case IPC ->
          """
          config {
            Sysvmsg = "new"
            Sysvsem = "new"
            sysvshm = "new"
          }
          """;
      case LIMITS ->
          """
          config {
            Securelevel    = 1
            Children_max   = 0
            Enforce_statfs = 1
          }
          """;
      case EMULATION ->
          """
          config {
            Osrelease    = "13.2-RELEASE"
            Linux_osname = "Linux"
          }
          """;
      case LABELS ->
          """
          config {
            params = {
              "meta.owner" = "web team"
              "env.stage"  = "test"
            }
          }
          """;
    };
  }
}
