package io.gaol.benchmark;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.gaol.engine.Plan;
import io.gaol.engine.Step;
import io.gaol.engine.Supervised;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The runtime alone, with the very bundle that a plan has for it: no supervisor, no ledger, no
 * FIFO. Of the configuration only the control group differs, and the memory limit is in it, which a
 * plan sets itself on cgroup version 1.
 */
final class BareRuntime {
  private static final String EXEC = "exec \"$@\"";

  private final Path bundle;
  private final Path root;
  private final Path progress;
  private final List<String> plannedArguments;
  private final Path plannedBundle;
  private final String plannedName;
  private final JsonObject config;
  private int runs;

  /** A bundle made of a plan. Containers are named after its jail. */
  BareRuntime(Plan plan, Path directory, Path root) throws IOException {
    this.bundle = Files.createDirectories(directory.resolve("bundle"));
    this.root = root;
    this.progress = directory.resolve("progress");
    this.plannedName = plan.name().value();
    Step.Supervise supervise =
        plan.steps().stream()
            .filter(Step.Supervise.class::isInstance)
            .map(Step.Supervise.class::cast)
            .findFirst()
            .orElseThrow();
    this.plannedArguments = supervise.supervised().runtime();
    Step.WriteFile file =
        plan.steps().stream()
            .filter(Step.WriteFile.class::isInstance)
            .map(Step.WriteFile.class::cast)
            .filter(write -> write.path().endsWith("config.json"))
            .findFirst()
            .orElseThrow();
    this.plannedBundle = file.path().getParent();
    this.config = JsonParser.parseString(file.content()).getAsJsonObject();
    JsonObject resources = config.getAsJsonObject("linux").getAsJsonObject("resources");
    plan.steps().stream()
        .filter(Step.SetValue.class::isInstance)
        .map(Step.SetValue.class::cast)
        .filter(set -> set.path().endsWith("memory.limit_in_bytes"))
        .findFirst()
        .ifPresent(
            set -> {
              JsonObject memory = new JsonObject();
              memory.addProperty("limit", Long.parseLong(set.value()));
              resources.add("memory", memory);
            });
  }

  /** The argument vector of the next run. */
  private List<String> nextArguments() throws IOException {
    String name = plannedName + "-" + ++runs;
    config.getAsJsonObject("linux").addProperty("cgroupsPath", "/" + name);
    Files.writeString(bundle.resolve("config.json"), config.toString());
    List<String> arguments = new ArrayList<>();
    boolean redirected = false;
    for (int i = 0; i < plannedArguments.size(); i++) {
      String argument = plannedArguments.get(i);
      if (argument.contains(EXEC)) {
        // Where the plan has a shell around the runtime anyway, it opens the file too.
        argument = argument.replace(EXEC, EXEC + " 3>>'" + progress + "'");
        redirected = true;
      } else if (argument.equals(plannedBundle.toString())) {
        argument = bundle.toString();
      } else if (argument.equals(plannedName)) {
        argument = name;
      } else if (argument.equals(plannedBundle.resolve(Supervised.RUNTIME_LOG).toString())) {
        argument = bundle.resolve(Supervised.RUNTIME_LOG).toString();
      } else if (i > 0 && plannedArguments.get(i - 1).equals("--root")) {
        argument = root.toString();
      }
      arguments.add(argument);
    }
    if (!redirected) {
      arguments.addAll(0, List.of("/bin/sh", "-c", EXEC + " 3>>'" + progress + "'", "sh"));
    }
    return arguments;
  }

  /**
   * Runs it once.
   *
   * @param firstByte gets the time from the start of the program to its first byte
   * @param exit gets the time to its end
   */
  void run(Samples firstByte, Samples exit) throws IOException, InterruptedException {
    Files.deleteIfExists(progress);
    ProcessBuilder builder =
        new ProcessBuilder(nextArguments())
            .directory(new File("/"))
            .redirectInput(new File("/dev/null"))
            .redirectError(bundle.resolve("errors").toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    long began = System.nanoTime();
    Process process = builder.start();
    FirstByte output = FirstByte.of(process.getInputStream());
    int status = process.waitFor();
    long ended = System.nanoTime();
    if (status != 0) {
      throw new IOException(
          "crun ended with " + status + ": " + Files.readString(bundle.resolve("errors")));
    }
    firstByte.add(began, output.await());
    exit.add(began, ended);
  }
}
