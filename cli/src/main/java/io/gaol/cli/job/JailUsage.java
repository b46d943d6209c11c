package io.gaol.cli.job;

import io.gaol.engine.Host;
import io.gaol.engine.Platform;
import io.gaol.engine.ResourceUse;
import io.gaol.engine.TaskStore;
import io.gaol.jail.JailName;
import io.gaol.jail.RctlResource;
import io.gaol.jail.Spelling;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the jails of this host use, in the names of rctl(8). */
public final class JailUsage {
  /** Over which time pcpu and what is read and written each second are taken. */
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private static final Set<RctlResource> ALL = EnumSet.allOf(RctlResource.class);

  private final Path state;
  private final Host host;

  /**
   * Of a state directory's jails.
   *
   * @param platform what this host is
   * @param state the state directory
   */
  public JailUsage(Platform platform, Path state) {
    this.state = state.toAbsolutePath();
    this.host = platform.jails(this.state).host();
  }

  /**
   * Measures, which takes a second.
   *
   * @param names of jails, or of tasks whose jails are meant; none is all
   * @return of each jail what it uses; what this host does not measure is not in it
   * @throws JobException if a name is no jail's that is there, or nothing can be read
   */
  public Map<JailName, ResourceUse> measure(List<String> names)
      throws JobException, InterruptedException {
    try {
      Map<JailName, ResourceUse> before = now(chosen(names));
      if (before.isEmpty()) {
        return Map.of();
      }
      Thread.sleep(INTERVAL);
      Map<JailName, ResourceUse> after = new LinkedHashMap<>();
      now(List.copyOf(before.keySet()))
          .forEach(
              (jail, use) -> after.put(jail, use.since(Optional.ofNullable(before.get(jail)))));
      return after;
    } catch (IOException failure) {
      throw new JobException("the use cannot be read: " + failure.getMessage());
    }
  }

  private List<JailName> chosen(List<String> names) throws JobException, IOException {
    List<JailName> jails = new ArrayList<>();
    for (TaskStore.Listed task : TaskStore.open(state, "--state-dir").list()) {
      if (host.jail(task.name()).alive()) {
        jails.add(task.name());
      }
    }
    List<String> unknown = new ArrayList<>();
    for (String name : names) {
      if (jails.stream().noneMatch(jail -> isMeant(name, jail))) {
        List<String> known = jails.stream().map(JailName::value).toList();
        unknown.add(
            "no jail \""
                + name
                + "\" runs below "
                + state
                + "."
                + Spelling.suggestion(name, known));
      }
    }
    if (!unknown.isEmpty()) {
      throw new JobException(unknown);
    }
    return jails.stream()
        .filter(jail -> names.isEmpty() || names.stream().anyMatch(name -> isMeant(name, jail)))
        .toList();
  }

  /** A jail is called as its task is, and its allocation's id. */
  private static boolean isMeant(String name, JailName jail) {
    return jail.value().equals(name) || jail.value().startsWith(name + "-");
  }

  private Map<JailName, ResourceUse> now(List<JailName> jails)
      throws IOException, InterruptedException {
    Map<JailName, ResourceUse> uses = new LinkedHashMap<>();
    for (JailName jail : jails) {
      Optional<ResourceUse> use = host.jail(jail).resourceUse(ALL);
      use.ifPresent(found -> uses.put(jail, found));
    }
    return uses;
  }
}
