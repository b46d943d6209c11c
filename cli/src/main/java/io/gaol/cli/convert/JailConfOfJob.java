package io.gaol.cli.convert;

import io.gaol.cli.job.JobJails;
import io.gaol.jail.JailParameter;
import io.gaol.jail.JailParameterCatalogue;
import io.gaol.jail.JailParameters;
import io.gaol.jail.ParameterType;
import io.gaol.jail.conf.JailConf.Jail;
import io.gaol.jail.conf.JailConf.Parameter;
import io.gaol.jail.conf.JailConfException;
import io.gaol.jail.conf.JailConfWriter;
import io.gaol.jail.conf.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Writes a jail.conf of the tasks of a Nomad job that run in jails. */
public final class JailConfOfJob {
  private static final String PLAIN_WORD = "[A-Za-z0-9_@%+:,./-]+";

  private final List<String> notCarried = new ArrayList<>();

  private JailConfOfJob() {}

  /**
   * The jail.conf.
   *
   * @throws JailConfException if a jail cannot be written so that jail(8) reads it back
   */
  public static Conversion write(JobJails job) throws JailConfException {
    JailConfOfJob writer = new JailConfOfJob();
    writer.notCarried.addAll(job.notCarried());
    List<Jail> jails = new ArrayList<>();
    for (JobJails.TaskJail task : job.jails()) {
      task.notCarried().forEach(what -> writer.lost(task, what));
      if (task.spec().parameters().value("path").isEmpty()) {
        writer.lost(
            task,
            "the whole jail: without Path its root is made of the host's system, which jail(8)"
                + " cannot do, and would take the host's own root");
      } else {
        jails.add(writer.jail(task));
      }
    }
    return new Conversion(JailConfWriter.write(jails), writer.notCarried);
  }

  private Jail jail(JobJails.TaskJail task) {
    Place place = new Place(task.file(), task.line(), task.column());
    JailParameters given = task.spec().parameters();
    List<Parameter> parameters = new ArrayList<>();
    given.names().stream()
        .sorted(Comparator.comparingInt(JailConfOfJob::placeInTheManual))
        .forEach(name -> parameters.add(parameter(name, given.values(name), place)));
    if (given.value("stop.timeout").isEmpty()
        && task.killTimeout().toSeconds() != JobWriter.DEFAULT_STOP_TIMEOUT) {
      String seconds = Long.toString(task.killTimeout().plusMillis(999).toSeconds());
      parameters.add(new Parameter("stop.timeout", List.of(seconds), place));
    }
    user(task, place, parameters);
    List<String> command = task.spec().command();
    if (!command.isEmpty()) {
      parameters.add(new Parameter("command", List.of(commandLine(command)), place));
      lost(
          task,
          "that the task ends with its command: jail(8) waits for the command, and then removes the"
              + " jail unless it persists or a process is left");
    }
    if (task.name().matches("\\s*[+-]?[0-9]+")) {
      lost(task, "the name: jail(8) takes it for the number of a jail, also of another one");
    } else if (task.name().contains(".")) {
      lost(task, "the name: jail(8) takes it for a jail in another one, up to the dot");
    }
    return new Jail(task.name(), parameters, place);
  }

  private void user(JobJails.TaskJail task, Place place, List<Parameter> parameters) {
    task.spec()
        .user()
        .ifPresent(
            user -> {
              if (user.matches("[0-9].*") || user.contains(":")) {
                lost(task, "user = \"" + user + "\": jail(8) wants a name");
              } else if (task.spec().parameters().value("exec.jail_user").isEmpty()) {
                parameters.add(new Parameter("exec.jail_user", List.of(user), place));
              } else {
                lost(task, "user = \"" + user + "\": exec.jail_user is another one");
              }
            });
  }

  private static int placeInTheManual(String name) {
    List<JailParameter> all = JailParameterCatalogue.all();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).name().equals(name)) {
        return i;
      }
    }
    return all.size();
  }

  private static Parameter parameter(String name, List<String> values, Place place) {
    boolean flag =
        JailParameterCatalogue.find(name)
            .filter(known -> known.type() instanceof ParameterType.Flag)
            .isPresent();
    if (!flag) {
      return new Parameter(name, values, place);
    }
    int last = name.lastIndexOf('.') + 1;
    return new Parameter(
        values.getLast().equals("true")
            ? name
            : name.substring(0, last) + "no" + name.substring(last),
        List.of(),
        place);
  }

  /** An argument vector as jail(8) reads commands: split at blanks, or given to the shell. */
  private static String commandLine(List<String> words) {
    if (words.stream().allMatch(word -> word.matches(PLAIN_WORD))) {
      return String.join(" ", words);
    }
    return words.stream()
        .map(word -> word.matches(PLAIN_WORD) ? word : "'" + word.replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" ", "exec ", ""));
  }

  private void lost(JobJails.TaskJail task, String what) {
    notCarried.add(
        task.file() + ":" + task.line() + ":" + task.column() + ": " + task.name() + ": " + what);
  }
}
