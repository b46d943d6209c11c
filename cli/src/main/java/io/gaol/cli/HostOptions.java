package io.gaol.cli;

import io.gaol.cli.job.JobException;
import io.gaol.cli.job.JobHost;
import io.gaol.driver.Platforms;
import io.gaol.engine.LimitsWithoutRacct;
import io.gaol.engine.Platform;
import io.gaol.jail.FreeBsdRelease;
import io.gaol.jail.JailSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of the commands that run tasks on this host, or plan them for another. */
final class HostOptions {
  private static final String HOST = "--host";

  /** Before a release in {@link #HOST}. */
  private static final String RELEASE = "freebsd:";

  private final boolean releases;
  private final OptionSpec host;
  private final OptionSpec stateDirectory =
      Commands.option(
          Path.class,
          "DIRECTORY",
          "Where tasks and their files are (default: $GAOL_STATE_DIR, or /var/lib/gaol on Linux"
              + " and /var/db/gaol on FreeBSD).",
          "--state-dir");
  private final OptionSpec systemDirectories =
      Commands.options(Path.class, "DIRECTORY", "--chroot-env")
          .splitRegex(",")
          .description(
              "Directories of the host that a task without a Path sees read-only (default:"
                  + " /bin, /etc, /lib, /lib32, /lib64, /run/resolvconf, /run/systemd/resolve,"
                  + " /sbin, /usr).")
          .build();

  private final OptionSpec limitsWithoutRacct =
      Commands.option(
          LimitsWithoutRacct.class,
          "refuse|ignore",
          "What becomes of tasks with limits of rctl(8) on a FreeBSD with kern.racct.enable=0"
              + " (default: refuse).",
          "--limits-without-racct");

  /** Of a command that works on this host. */
  HostOptions() {
    this(false, "What this host is: freebsd or linux");
  }

  private HostOptions(boolean releases, String meaning) {
    this.releases = releases;
    this.host =
        Commands.option(
            String.class,
            "HOST",
            meaning + " (default: $" + Platforms.VARIABLE + ", or what the machine says).",
            HOST);
  }

  /** Of a command that only plans. */
  static HostOptions forPlanning() {
    return new HostOptions(
        true,
        "What this host is: freebsd or linux; or a release of FreeBSD, such as freebsd:14.3, to plan"
            + " for as it comes, on any machine");
  }

  CommandSpec addTo(CommandSpec command) {
    return addStateTo(command).addOption(systemDirectories);
  }

  /** For a command whose tasks have limits. */
  CommandSpec addLimitsTo(CommandSpec command) {
    command.parser().caseInsensitiveEnumValuesAllowed(true);
    return command.addOption(limitsWithoutRacct);
  }

  LimitsWithoutRacct limitsWithoutRacct() {
    return Commands.<LimitsWithoutRacct>value(limitsWithoutRacct).orElse(LimitsWithoutRacct.REFUSE);
  }

  /** For a command that only looks. */
  CommandSpec addStateTo(CommandSpec command) {
    return addHostTo(command).addOption(stateDirectory);
  }

  /** For a command that looks at no task. */
  CommandSpec addHostTo(CommandSpec command) {
    return command.addOption(host);
  }

  /**
   * What jails are made on.
   *
   * @throws JobException if no host is meant, or none that the command can work on
   */
  Platform platform() throws JobException {
    return jobHost().platform();
  }

  /**
   * The host that jobs are for.
   *
   * @throws JobException as {@link #platform}
   */
  JobHost jobHost() throws JobException {
    Optional<String> asked = Commands.value(host);
    try {
      if (asked.isPresent() && asked.get().startsWith(RELEASE)) {
        return JobHost.recorded(release(asked.get()));
      }
      Optional<String> wrong = asked.flatMap(name -> Platforms.problem(HOST, name));
      if (wrong.isPresent()) {
        throw new JobException(wrong.get());
      }
      return JobHost.running(Platforms.ofThisHost(asked));
    } catch (IllegalArgumentException none) {
      throw new JobException(none.getMessage());
    }
  }

  private FreeBsdRelease release(String asked) throws JobException {
    if (!releases) {
      throw new JobException(
          HOST
              + " "
              + asked
              + ": for a release it can only be planned what would be done, by gaol job plan; give"
              + " freebsd or linux");
    }
    String release = asked.substring(RELEASE.length());
    return FreeBsdRelease.parse(release)
        .filter(parsed -> parsed.toString().equals(release))
        .orElseThrow(
            () ->
                new JobException(
                    HOST + " " + asked + ": this is no release: write it as freebsd:14.3"));
  }

  /**
   * Where tasks are.
   *
   * @throws JobException as {@link #platform}, if the host decides
   */
  Path stateDirectory() throws JobException {
    Optional<Path> option = Commands.value(stateDirectory);
    if (option.isPresent()) {
      return option.get();
    }
    String given = System.getenv("GAOL_STATE_DIR");
    if (given != null && !given.isEmpty()) {
      return Path.of(given);
    }
    return platform().defaultStateDirectory();
  }

  List<Path> systemDirectories() {
    List<Path> given = Commands.values(systemDirectories);
    return given.isEmpty() ? JailSpec.Root.HostSystem.DEFAULT_SYSTEM_DIRECTORIES : given;
  }
}
