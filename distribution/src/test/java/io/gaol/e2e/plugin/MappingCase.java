package io.gaol.e2e.plugin;

import static io.gaol.e2e.plugin.Stage.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.nomad.proto.driver.DriverTaskEvent;
import io.gaol.testing.host.DriverTask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One case of the mapping of jail(8) and rctl(8) to Linux: a config, and what is seen of it from
 * inside or outside of the jail, or the text by which it is refused. In texts {@code @DIR@} is the
 * stage's folder, and {@code @T@} its token.
 *
 * @param row the parameter or resource it is about, by its own name
 * @param what is expected, in words
 * @param config of the task
 * @param check that it is so
 */
record MappingCase(String row, String what, Map<String, Object> config, Check check) {
  /** What must be true. */
  @FunctionalInterface
  interface Check {
    void of(Stage stage, Map<String, Object> config) throws Exception;
  }

  /** A case that is being written down: its row, what is expected, and key, value, key, value. */
  static Given row(String row, String what, Object... config) {
    Map<String, Object> keys = new LinkedHashMap<>();
    for (int i = 0; i < config.length; i += 2) {
      keys.put((String) config[i], config[i + 1]);
    }
    return new Given(row, what, keys);
  }

  /** Runs the case. */
  void run(Stage stage) throws Exception {
    check.of(stage, inPlace(config, stage));
  }

  @Override
  public String toString() {
    return row + ": " + what;
  }

  /** What is known before the check is. */
  record Given(String row, String what, Map<String, Object> config) {

    /** A script of sh(1) in the jail prints what this pattern matches, and nothing else. */
    MappingCase prints(String script, String pattern) {
      return checkedBy(
          (stage, keys) ->
              assertThat(output(stage, with(keys, Stage.shell(inPlace(script, stage)))).strip())
                  .matches("(?s)" + inPlace(pattern, stage)));
    }

    /** The task of this config itself, which needs no more, prints what this pattern matches. */
    MappingCase printsItself(String pattern) {
      return checkedBy(
          (stage, keys) ->
              assertThat(output(stage, keys).strip()).matches("(?s)" + inPlace(pattern, stage)));
    }

    /** The task is not started, for this reason. */
    MappingCase isRefused(String... texts) {
      return checkedBy(
          (stage, keys) ->
              assertThat(
                      refusal(() -> stage.task(withSomethingToRun(keys)).start()).getDescription())
                  .contains(inPlace(List.of(texts), stage)));
    }

    /** The task runs, and its start says this once. */
    MappingCase notes(String text) {
      return checkedBy(
          (stage, keys) -> {
            DriverTask task = stage.task(withSomethingToRun(keys)).start();
            task.await();
            stage
                .agent()
                .events()
                .await(event -> event.getTaskId().equals(task.id()) && says(event, text));
            assertThat(stage.agent().events().messages())
                .filteredOn(event -> event.getTaskId().equals(task.id()) && says(event, text))
                .as(text)
                .hasSize(1);
            task.destroy();
          });
    }

    /** Something else that is seen from outside. */
    MappingCase checkedBy(Check check) {
      return new MappingCase(row, what, config, check);
    }

    private static boolean says(DriverTaskEvent event, String text) {
      return event.getMessage().contains(text);
    }
  }

  /** What a task of this config prints, both streams, until it ends. */
  static String output(Stage stage, Map<String, Object> config) {
    DriverTask task = stage.task(config).start();
    task.await();
    task.logs().awaitEnd();
    String output = task.logs().stdout() + task.logs().stderr();
    task.destroy();
    return output;
  }

  static Map<String, Object> with(Map<String, Object> config, Map<String, Object> more) {
    Map<String, Object> all = new LinkedHashMap<>(config);
    all.putAll(more);
    return all;
  }

  private static Map<String, Object> withSomethingToRun(Map<String, Object> config) {
    boolean runs =
        config.keySet().stream()
            .anyMatch(List.of("command", "Command", "Exec_start", "Persist")::contains);
    return runs ? config : with(config, Map.of("command", "/bin/true"));
  }

  @SuppressWarnings("unchecked") // What a config is made of.
  private static <T> T inPlace(T value, Stage stage) {
    return (T)
        switch (value) {
          case String text ->
              text.replace("@DIR@", stage.directory().toString()).replace("@T@", stage.token());
          case List<?> list -> {
            List<Object> all = new ArrayList<>();
            list.forEach(one -> all.add(inPlace(one, stage)));
            yield all;
          }
          case Map<?, ?> map -> {
            Map<Object, Object> all = new LinkedHashMap<>();
            map.forEach((key, one) -> all.put(key, inPlace(one, stage)));
            yield all;
          }
          default -> value;
        };
  }
}
