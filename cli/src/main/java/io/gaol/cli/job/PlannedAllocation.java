package io.gaol.cli.job;

import io.gaol.engine.Plan;
import java.util.ArrayList;
import java.util.List;

/**
 * An allocation with all that will be done for its first start.
 *
 * @param allocation which
 * @param group whose instance it is
 * @param directories the plan of its directories
 * @param tasks its tasks with their plans, in the job's order
 */
record PlannedAllocation(
    Allocation allocation, Job.Group group, Plan directories, List<PlannedTask> tasks) {
  PlannedAllocation {
    tasks = List.copyOf(tasks);
  }

  /**
   * A task with the plan of its first start.
   *
   * @param placed which
   * @param plan of its first start
   * @param provisional whether the plan has to be made anew right before that start
   */
  record PlannedTask(JobPlanner.Placed placed, Plan plan, boolean provisional) {}

  /**
   * Plans a group's instance.
   *
   * @throws JobException with the problems of all its tasks
   */
  static PlannedAllocation of(Job job, Job.Group group, Allocation allocation, JobPlanner planner)
      throws JobException {
    List<PlannedTask> tasks = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (int number = 0; number < group.tasks().size(); number++) {
      JobPlanner.Placed placed =
          new JobPlanner.Placed(job, group, group.tasks().get(number), allocation, number);
      try {
        tasks.add(new PlannedTask(placed, planner.plan(placed), JobPlanner.isProvisional(placed)));
      } catch (JobException wrong) {
        problems.addAll(wrong.messages());
      }
    }
    if (!problems.isEmpty()) {
      throw new JobException(problems);
    }
    return new PlannedAllocation(
        allocation, group, allocation.plan(group.tasks(), planner.noDevices()), tasks);
  }

  /** Every plan, that of the directories first. */
  List<Plan> plans() {
    List<Plan> plans = new ArrayList<>(List.of(directories));
    tasks.forEach(task -> plans.add(task.plan()));
    return plans;
  }
}
