package io.gaol.cli.job;

import io.gaol.cli.job.Job.Template;
import io.gaol.hcl.Block;
import io.gaol.jail.Spelling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads {@code template} blocks. */
final class TemplateReader {
  private static final List<String> CHANGE_MODES = List.of("noop", "restart", "script", "signal");
  private static final Duration DEFAULT_SPLAY = Duration.ofSeconds(5);
  private static final Duration DEFAULT_SCRIPT_TIMEOUT = Duration.ofSeconds(5);
  private static final int DEFAULT_PERMISSIONS = 0644;
  private static final int MOST_PERMISSIONS = 07777;

  private final Block block;
  private final BodyReader reader;

  private TemplateReader(Block block, BodyReader reader) {
    this.block = block;
    this.reader = reader;
  }

  /** A task's templates, in order. */
  static List<Template> read(BodyReader task) {
    List<Template> templates = new ArrayList<>();
    Map<String, Template> destinations = new HashMap<>();
    for (Block block : task.blocks("template")) {
      BodyReader reader = task.of(block);
      Template template = new TemplateReader(block, reader).template();
      Template other = destinations.putIfAbsent(template.destination(), template);
      if (other != null && !template.destination().isEmpty()) {
        reader.problem(
            reader.place("destination"),
            "There is a template with the destination \"" + template.destination() + "\" already",
            "It is at line " + other.range().start().line() + ".");
      }
      templates.add(template);
    }
    return templates;
  }

  private Template template() {
    checkWait();
    boolean environment = reader.flag("env").orElse(false);
    return new Template(
        content(),
        destination(),
        permissions(),
        number("uid"),
        number("gid"),
        change(environment),
        environment,
        reader.duration("splay").orElse(DEFAULT_SPLAY),
        reader.text("left_delimiter").filter(text -> !text.isEmpty()).orElse("{{"),
        reader.text("right_delimiter").filter(text -> !text.isEmpty()).orElse("}}"),
        reader.flag("error_on_missing_key").orElse(false),
        reader.flag("once").orElse(false),
        block.range());
  }

  private Template.Content content() {
    String data = reader.text("data").orElse("");
    String source = reader.text("source").orElse("");
    if (data.isEmpty() && source.isEmpty()) {
      reader.problem(
          block.typeRange(),
          "A template needs data or source",
          "Write data = \"...\", the template, or source = \"...\", a file that holds it.");
    } else if (!data.isEmpty() && !source.isEmpty()) {
      reader.problem(
          reader.place("source"), "data and source of a template exclude each other", "Keep one.");
    }
    return source.isEmpty()
        ? new Template.Data(data, reader.place("data"))
        : new Template.FromFile(source);
  }

  private String destination() {
    String destination = reader.text("destination").orElse("");
    if (destination.isEmpty()) {
      reader.problem(
          block.typeRange(),
          "A template needs a destination",
          "Write destination = \"local/file\", the file that is made.");
    } else {
      TaskPaths.check(reader, "destination", destination);
    }
    return destination;
  }

  private int permissions() {
    Optional<String> text = reader.text("perms").filter(perms -> !perms.isEmpty());
    if (text.isEmpty()) {
      return DEFAULT_PERMISSIONS;
    }
    if (text.get().matches("[0-7]{1,8}")) {
      int permissions = Integer.parseInt(text.get(), 8);
      if (permissions <= MOST_PERMISSIONS) {
        return permissions;
      }
    }
    reader.problem(
        reader.place("perms"),
        "perms takes octal digits, such as \"0644\", but \"" + text.get() + "\" is given",
        "");
    return DEFAULT_PERMISSIONS;
  }

  /** A number of a user or a group; -1 is as not given. */
  private OptionalInt number(String name) {
    Optional<Integer> number = reader.count(name, -1);
    return number.isPresent() && number.get() >= 0
        ? OptionalInt.of(number.get())
        : OptionalInt.empty();
  }

  private Template.Change change(boolean environment) {
    String mode = reader.text("change_mode").orElse("restart");
    Optional<String> signal = Signals.read(reader, "change_signal");
    Optional<Template.Script> script = script();
    return switch (mode) {
      case "noop" -> new Template.Noop();
      case "restart" -> new Template.Restart();
      case "signal" -> {
        if (environment) {
          reader.problem(
              reader.place("change_mode"),
              "change_mode = \"signal\" and env = true exclude each other",
              "A task's variables change only when it is restarted.");
        }
        yield new Template.Signal(signal.orElse("SIGHUP"));
      }
      case "script" -> {
        if (script.isEmpty()) {
          reader.problem(
              reader.place("change_mode"),
              "change_mode = \"script\" needs a change_script block",
              "Write change_script { command = \"/path\" }.");
        }
        yield script.<Template.Change>map(change -> change).orElse(new Template.Noop());
      }
      default -> {
        reader.problem(
            reader.place("change_mode"),
            "There is no change_mode \"" + mode + "\": it is noop, restart, script or signal",
            Spelling.suggestion(mode, CHANGE_MODES).strip());
        yield new Template.Noop();
      }
    };
  }

  private Optional<Template.Script> script() {
    Optional<Block> found = reader.block("change_script");
    if (found.isEmpty()) {
      return Optional.empty();
    }
    BodyReader script = reader.of(found.get());
    String command = script.text("command").orElse("");
    if (command.isEmpty()) {
      script.problem(
          found.get().typeRange(),
          "A change_script block needs a command",
          "Write command = \"/path\", a program in the task.");
    }
    return Optional.of(
        new Template.Script(
            command,
            script.list("args"),
            script.duration("timeout").orElse(DEFAULT_SCRIPT_TIMEOUT),
            script.flag("fail_on_error").orElse(false)));
  }

  /** Nothing that a template waits for here trickles in: the times are checked, and not waited. */
  private void checkWait() {
    Optional<Block> found = reader.block("wait");
    if (found.isEmpty()) {
      return;
    }
    BodyReader wait = reader.of(found.get());
    Optional<Duration> least = wait.duration("min");
    Optional<Duration> most = wait.duration("max");
    if (least.isPresent() && most.isPresent() && least.get().compareTo(most.get()) > 0) {
      wait.problem(wait.place("min"), "min of a wait block is greater than its max", "");
    }
  }
}
