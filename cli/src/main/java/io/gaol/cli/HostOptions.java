package io.gaol.cli;

import io.gaol.driver.Platforms;
import io.gaol.engine.Platform;
import io.gaol.jail.JailSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of the commands that run tasks on this host. */
final class HostOptions {
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

  CommandSpec addTo(CommandSpec command) {
    return command.addOption(stateDirectory).addOption(systemDirectories);
  }

  /** For a command that only looks. */
  CommandSpec addStateTo(CommandSpec command) {
    return command.addOption(stateDirectory);
  }

  /** What jails are made on. */
  Platform platform() {
    return Platforms.ofThisHost();
  }

  Path stateDirectory() {
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
