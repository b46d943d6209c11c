package io.gaol.cli;

import io.gaol.cli.job.JailUsage;
import io.gaol.cli.job.JobException;
import io.gaol.engine.ResourceUse;
import io.gaol.jail.JailName;
import io.gaol.jail.RctlResource;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code gaol usage}: what jails use, as {@code rctl -u} prints it. */
final class UsageCommand {
  private final Terminal terminal;

  UsageCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  CommandSpec spec() {
    HostOptions host = new HostOptions();
    OptionSpec human =
        Commands.flag("Print numbers for people, in powers of 1024.", "-H", "--human");
    PositionalParamSpec names =
        Commands.operands("0..*", false, "NAME", "Jails, or tasks whose jails are meant.");
    CommandSpec command =
        Commands.action(
            "usage",
            () -> usage(host, Commands.values(names), Commands.isGiven(human)),
            "Print what jails use of each resource of rctl(8), measured for a second (default: of"
                + " all jails).",
            "What this host does not measure is left out.");
    return host.addStateTo(command).addOption(human).addPositional(names);
  }

  private int usage(HostOptions host, List<String> names, boolean human)
      throws InterruptedException {
    try {
      Map<JailName, ResourceUse> uses =
          new JailUsage(host.platform(), host.stateDirectory()).measure(names);
      uses.forEach((jail, use) -> print(uses.size() == 1 ? "" : "jail:" + jail + ":", use, human));
      System.out.flush();
      return 0;
    } catch (JobException wrong) {
      wrong.messages().forEach(terminal::note);
      return Main.FAILED;
    }
  }

  private static void print(String subject, ResourceUse use, boolean human) {
    for (RctlResource resource : RctlResource.values()) {
      Long count = use.jail().get(resource);
      if (count != null) {
        String amount = human ? resource.unit().human(count) : resource.unit().print(count);
        System.out.println(subject + resource.keyword() + "=" + amount);
      }
    }
  }
}
