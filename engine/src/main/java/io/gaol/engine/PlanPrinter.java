package io.gaol.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Prints a plan: what {@code gaol job plan} shows and what a task's {@code plan.json} holds. */
public final class PlanPrinter {
  private final Plan plan;
  private final Host host;
  private final StringBuilder text = new StringBuilder();

  private PlanPrinter(Plan plan, Host host) {
    this.plan = plan;
    this.host = host;
  }

  /** The plan as JSON, with no variable's value in it. */
  public static String json(Plan plan) {
    return Json.pretty(Json.of(plan));
  }

  /**
   * The plan in lines for a person: every step until its end, with what it runs, and no variable's
   * value.
   *
   * @param host that it is made for; nothing is asked of it but which programs it has
   */
  public static String text(Plan plan, Host host) {
    PlanPrinter printer = new PlanPrinter(plan, host);
    printer.print();
    return printer.text.toString();
  }

  private void print() {
    text.append("jail ").append(plan.name()).append('\n');
    plan.settings().forEach(setting -> line(1, setting));
    plan.notes().forEach(note -> line(1, "note: " + note));
    appendSteps("start", plan.steps());
    appendSteps("when started", plan.whenStarted());
    appendWatched();
    appendSteps("stop, on the host first", runs(plan.prestop()));
    appendSteps("stop, in the jail", runs(plan.stop()));
    line(
        1,
        "then %s to every process, %d s to end, SIGKILL to what is left"
            .formatted(plan.killSignal(), plan.killTimeout().toSeconds()));
    appendUndo();
  }

  private void line(int depth, String content) {
    text.append("  ".repeat(depth)).append(content.stripTrailing()).append('\n');
  }

  private void appendSteps(String title, List<Step> steps) {
    if (steps.isEmpty()) {
      return;
    }
    line(1, title);
    int number = 1;
    for (Step step : steps) {
      appendNumbered(number++, step.describe());
      appendCommands(step);
    }
  }

  private void appendNumbered(int number, String what) {
    line(2, String.format("%2d. %s", number, what));
  }

  /** What a step runs or writes, where its line does not say so. */
  private void appendCommands(Step step) {
    switch (step) {
      case Step.Make make -> {
        appendCommand(make.refusedIfThere() ? "refused if: " : "unless: ", make.probe());
        appendCommand("", make.make());
      }
      case Step.Mount mount -> appendCommand("", PlanRunner.mount(host, mount));
      case Step.Run(Command command) -> appendCommand(command);
      case Step.WriteFile write ->
          write.shown().ifPresent(shown -> shown.lines().forEach(each -> line(4, "| " + each)));
      default -> {
        // The line has said all.
      }
    }
  }

  /** As its author wrote it, a command stands in the step's line. */
  private void appendCommand(Command command) {
    boolean said =
        String.join(" ", command.arguments()).equals(command.text().strip())
            || command.arguments().equals(List.of("/bin/sh", "-c", command.text()));
    if (!said) {
      appendCommand("", command.arguments());
    }
  }

  private void appendCommand(String before, List<String> arguments) {
    if (!arguments.isEmpty()) {
      // A script has lines of its own.
      line(4, before + "$ " + ShellText.line(arguments).replace("\n", "\n" + "  ".repeat(5)));
    }
  }

  private void appendWatched() {
    if (plan.watched().isEmpty()) {
      return;
    }
    line(1, "while it runs, looked at every " + LimitWatch.INTERVAL.toSeconds() + " s");
    plan.watched().forEach(rule -> line(2, rule.describe(plan.name())));
  }

  private static List<Step> runs(List<Command> commands) {
    return commands.stream().map(command -> (Step) new Step.Run(command)).toList();
  }

  // ---- the end

  /** What the ledger holds at the end of a start that found nothing of it there before. */
  private void appendUndo() {
    List<Undo> undos = new ArrayList<>();
    List<Path> removedWhole = new ArrayList<>();
    for (Step step : plan.steps()) {
      undo(step, removedWhole).ifPresent(undos::addFirst);
    }
    line(1, "then undone, where the start has made it, and the task's files removed");
    int number = 1;
    for (Undo undo : undos) {
      if (undo instanceof Undo.RunOwed(String _, List<Command> commands)) {
        for (Command command : commands) {
          appendNumbered(number++, new Step.Run(command).describe());
          appendCommand(command);
        }
        continue;
      }
      appendNumbered(number++, undo.describe());
      switch (undo) {
        case Undo.Unmake unmake -> {
          appendCommand("if: ", unmake.probe());
          appendCommand("", unmake.remove());
        }
        case Undo.Unmount(String type, Path target) ->
            appendCommand("", host.unmount(type, target));
        case Undo.DeleteJail(var name) -> appendCommand("", host.jail(name).removal());
        default -> {
          // The line has said all.
        }
      }
    }
  }

  /**
   * The undo of a step; what goes with a directory has none.
   *
   * @param removedWhole directories that go with all that is in them; gets those of the step
   */
  private Optional<Undo> undo(Step step, List<Path> removedWhole) {
    return switch (step) {
      case Step.MakeDirectory(Path path, int _, Step.MakeDirectory.Removal removal) -> {
        boolean goesAlong = removedWhole.stream().anyMatch(path::startsWith);
        removedWhole.add(path);
        yield goesAlong ? Optional.empty() : Optional.of(new Undo.RemoveDirectory(path, removal));
      }
      case Step.MakeMountPoint(Path base, Path path, boolean directory, boolean shared) ->
          Optional.of(new Undo.RemoveMountPoint(base, path, directory, shared));
      case Step.ShareValue(Path path, String value, String scope) ->
          Optional.of(new Undo.ReleaseValue(path, value, scope));
      case Step.Make make -> Optional.of(make.undo());
      case Step.Mount mount -> Optional.of(new Undo.Unmount(mount.type(), mount.target()));
      case Step.Owe(String what, List<Command> commands) ->
          Optional.of(new Undo.RunOwed(what, commands));
      case Step.Supervise _ -> Optional.of(new Undo.DeleteJail(plan.name()));
      // Of a value only the start finds out what it was before.
      case Step.SetValue _ -> Optional.empty();
      case Step.WriteFile _ -> Optional.empty();
      case Step.WriteBytes _ -> Optional.empty();
      case Step.MakeFifo _ -> Optional.empty();
      case Step.Run _ -> Optional.empty();
      case Step.Await _ -> Optional.empty();
      case Step.Proceed _ -> Optional.empty();
    };
  }
}
