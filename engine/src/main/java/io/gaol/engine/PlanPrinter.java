package io.gaol.engine;

import java.util.List;

/** Prints a plan: what {@code gaol job plan} shows and what a task's {@code plan.json} holds. */
public final class PlanPrinter {
  private PlanPrinter() {}

  /** The plan as JSON, with no variable's value in it. */
  public static String json(Plan plan) {
    return Json.pretty(Json.of(plan));
  }

  /** The plan in lines for a person. */
  public static String text(Plan plan) {
    StringBuilder text = new StringBuilder();
    text.append("jail ").append(plan.name()).append('\n');
    plan.settings().forEach(setting -> text.append("  ").append(setting).append('\n'));
    plan.notes().forEach(note -> text.append("  note: ").append(note).append('\n'));
    appendSteps(text, "start", plan.steps());
    appendSteps(text, "when started", plan.whenStarted());
    appendWatched(text, plan);
    appendCommands(text, "stop, on the host first", plan.prestop());
    appendCommands(text, "stop, in the jail", plan.stop());
    text.append("  then ").append(plan.killSignal()).append(" to every process, ");
    text.append(plan.killTimeout().toSeconds()).append(" s to end, SIGKILL to what is left\n");
    return text.toString();
  }

  private static void appendSteps(StringBuilder text, String title, List<Step> steps) {
    if (steps.isEmpty()) {
      return;
    }
    text.append("  ").append(title).append('\n');
    int number = 1;
    for (Step step : steps) {
      text.append(String.format("    %2d. %s%n", number++, step.describe()));
    }
  }

  private static void appendWatched(StringBuilder text, Plan plan) {
    if (plan.watched().isEmpty()) {
      return;
    }
    text.append("  while it runs, looked at every ")
        .append(LimitWatch.INTERVAL.toSeconds())
        .append(" s\n");
    plan.watched()
        .forEach(rule -> text.append("    ").append(rule.describe(plan.name())).append('\n'));
  }

  private static void appendCommands(StringBuilder text, String title, List<Command> commands) {
    appendSteps(
        text, title, commands.stream().map(command -> (Step) new Step.Run(command)).toList());
  }
}
