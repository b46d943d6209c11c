package io.gaol.jail.policy;

import static io.gaol.jail.policy.PolicyOption.ALLOW_DATASETS;
import static io.gaol.jail.policy.PolicyOption.ALLOW_DEVFS_RULESETS;
import static io.gaol.jail.policy.PolicyOption.ALLOW_FSTABS;
import static io.gaol.jail.policy.PolicyOption.ALLOW_HOST_HOOKS;
import static io.gaol.jail.policy.PolicyOption.ALLOW_HOST_PATHS;
import static io.gaol.jail.policy.PolicyOption.ALLOW_INTERFACES;
import static io.gaol.jail.policy.PolicyOption.ALLOW_PARAMS;
import static io.gaol.jail.policy.PolicyOption.ALLOW_RCTL_ACTIONS;
import static io.gaol.jail.policy.PolicyOption.ALLOW_ROOTS;
import static io.gaol.jail.policy.PolicyOption.ALLOW_USERS;

import io.gaol.jail.FstabLine;
import io.gaol.jail.JailParameter;
import io.gaol.jail.JailParameterCatalogue;
import io.gaol.jail.JailParameters;
import io.gaol.jail.JailParameters.Provenance;
import io.gaol.jail.JailSpec;
import io.gaol.jail.MountType;
import io.gaol.jail.ParameterType;
import io.gaol.jail.PolicyGroup;
import io.gaol.jail.RctlRule;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Holds one spec against a policy and collects what is not permitted. */
final class PolicyCheck {
  /** The superuser, whom a spec names by leaving a user out. */
  private static final String ROOT_USER = "root";

  /** Of ifconfig(8), what is about one address or the interface that has it. */
  private static final Set<String> WORDS_WITH_A_VALUE =
      Set.of(
          "vhid",
          "advbase",
          "advskew",
          "pass",
          "state",
          "netmask",
          "broadcast",
          "prefixlen",
          "metric",
          "mtu",
          "fib",
          "pltime",
          "vltime");

  private static final Set<String> WORDS =
      Set.of("alias", "anycast", "autoconf", "deprecated", "-deprecated", "eui64", "no_dad", "up");

  private final Policy policy;
  private final JailSpec spec;
  private final JailParameters parameters;
  private final Allocation allocation;
  private final UnaryOperator<Path> real;
  private final List<Refusal> refusals = new ArrayList<>();

  PolicyCheck(Policy policy, JailSpec spec, Allocation allocation, UnaryOperator<Path> real) {
    this.policy = policy;
    this.spec = spec;
    this.parameters = spec.parameters();
    this.allocation = allocation;
    this.real = real;
  }

  List<Refusal> refusals() {
    parameters.names().forEach(this::parameter);
    if (spec.root() instanceof JailSpec.Root.Directory(Path path)) {
      root(path);
    }
    consoleLog();
    mounts();
    mountFiles();
    datasets();
    interfaces();
    devices();
    users();
    spec.rctlRules().forEach(this::rule);
    return refusals.stream().distinct().toList();
  }

  // ---- parameters

  private void parameter(String name) {
    Optional<JailParameter> known = JailParameterCatalogue.find(name);
    if (known.isEmpty()) {
      // The kernel's own, which nobody judged: no list can name it.
      if (!opened(name, PolicyGroup.ALL)) {
        Grant all = new Grant(ALLOW_PARAMS, PolicyGroup.ALL.keyword());
        refuse(name, "", PolicyGroup.ALL.reason(), all);
      }
      return;
    }
    JailParameter parameter = known.get();
    boolean flag = parameter.type() instanceof ParameterType.Flag;
    for (String value : parameters.values(name)) {
      if (flag && value.equals("false") && isOfEveryKernel(name)) {
        continue; // It asks for nothing, or takes something away.
      }
      PolicyGroup group = parameter.policy().of(value);
      if (!opened(parameter.name(), group)) {
        Grant grant =
            switch (group) {
              case HOST_HOOK -> new Grant(ALLOW_HOST_HOOKS, PolicyOption.TRUE);
              case ALL -> new Grant(ALLOW_PARAMS, parameter.name());
              case SAFE, NETWORK, MOUNT -> new Grant(ALLOW_PARAMS, group.keyword());
            };
        boolean byValue = group != parameter.policy().otherwise();
        String asked = byValue ? " = " + HclText.quoted(value) : "";
        refuse(name, asked, group.reason(), grant);
        return;
      }
    }
  }

  /** Of the others jail(8) loads the kernel module, whatever their value is. */
  private static boolean isOfEveryKernel(String name) {
    return JailParameterCatalogue.all().stream().anyMatch(known -> known.name().equals(name));
  }

  private boolean opened(String name, PolicyGroup group) {
    if (group == PolicyGroup.HOST_HOOK) {
      return policy.entries(ALLOW_HOST_HOOKS).contains(PolicyOption.TRUE);
    }
    return policy.entries(ALLOW_PARAMS).stream()
        .anyMatch(
            entry ->
                entry.equals(name)
                    || PolicyGroup.find(entry).filter(open -> open.opens(group)).isPresent());
  }

  // ---- files of the host

  private void root(Path path) {
    if (unclear("path", path) || isPermitted(ALLOW_ROOTS, path) || isTheTasks(path)) {
      return;
    }
    refuse(
        "path",
        " = " + HclText.quoted(path.toString()),
        "it is a directory of the host" + leads(path),
        new Grant(ALLOW_ROOTS, real(path).toString()));
  }

  private void consoleLog() {
    for (String value : parameters.values("exec.consolelog")) {
      path("exec.consolelog", value).ifPresent(this::consoleLog);
    }
  }

  private void consoleLog(Path file) {
    String asked = " = " + HclText.quoted(file.toString());
    if (isTheJobs(file) || isInTheRoot(file) || isPermitted(ALLOW_FSTABS, file)) {
      refuse(
          "exec.consolelog",
          asked,
          "the host writes to it as root, and the job could make it a link to another file: it has"
              + " to be where jobs cannot write");
    } else if (!throughAMount("exec.consolelog", asked, file, mountPoints())) {
      hostPath("exec.consolelog", asked, file);
    }
  }

  private void mountFiles() {
    for (String value : parameters.values("mount.fstab")) {
      Optional<Path> file = path("mount.fstab", value);
      if (file.isEmpty() || unclear("mount.fstab", file.get())) {
        continue;
      }
      String asked = " = " + HclText.quoted(value);
      if (isTheJobs(file.get()) || isInTheRoot(file.get())) {
        refuse(
            "mount.fstab",
            asked,
            "the job can write to the file, and the host mounts what it says: give its lines as"
                + " mount");
      } else if (!isPermitted(ALLOW_FSTABS, file.get())) {
        refuse(
            "mount.fstab",
            asked,
            "the host mounts what the file says" + leads(file.get()),
            new Grant(ALLOW_FSTABS, real(file.get()).toString()));
      }
    }
  }

  private void mounts() {
    List<FstabLine> lines = lines();
    for (int i = 0; i < lines.size(); i++) {
      FstabLine line = lines.get(i);
      List<FstabLine> others = new ArrayList<>(lines);
      others.remove(i);
      List<Path> all = new ArrayList<>(mountPointsOfNomad());
      others.forEach(other -> all.add(other.target()));
      List<Path> ofTheJob = new ArrayList<>(mountPointsOfNomad());
      others.stream()
          .filter(other -> showsADirectory(other) && isTheJobs(Path.of(other.source())))
          .forEach(other -> ofTheJob.add(other.target()));
      String asked = " = " + HclText.quoted(line.toString());
      boolean unclear =
          throughAMount("mount", asked, line.target(), ofTheJob)
              || (showsADirectory(line)
                  && throughAMount("mount", asked, Path.of(line.source()), all));
      if (!unclear) {
        mount(asked, line);
      }
    }
  }

  private List<FstabLine> lines() {
    return parameters.values("mount").stream()
        .map(line -> FstabLine.parse(line).in(spec.root()))
        .toList();
  }

  private static boolean showsADirectory(FstabLine line) {
    return line.type() == MountType.NULLFS || line.type() == MountType.UNIONFS;
  }

  /** Where something is mounted once all is: what is there now is not what will be seen there. */
  private List<Path> mountPoints() {
    List<Path> points = new ArrayList<>(mountPointsOfNomad());
    lines().forEach(line -> points.add(line.target()));
    return points;
  }

  private List<Path> mountPointsOfNomad() {
    return spec.mounts().stream()
        .map(mount -> root().resolve(Path.of("/").relativize(mount.target())))
        .toList();
  }

  /** Refuses a path behind something that is not mounted yet: where it will lead, nobody knows. */
  private boolean throughAMount(String name, String asked, Path path, List<Path> mountPoints) {
    Path written = HostPaths.plain(path);
    Path place = real(path);
    for (Path point : mountPoints) {
      boolean behind =
          (written.startsWith(HostPaths.plain(point)) && !written.equals(HostPaths.plain(point)))
              || (place.startsWith(real(point)) && !place.equals(real(point)));
      if (behind) {
        refuse(
            name,
            asked,
            HclText.quoted(path.toString())
                + " lies behind the mount on "
                + HclText.quoted(point.toString())
                + ", which decides where it leads: name the directory itself");
        return true;
      }
    }
    return false;
  }

  private void mount(String asked, FstabLine line) {
    boolean nomads = spec.root() instanceof JailSpec.Root.HostSystem && !isTheTasks(line.target());
    if (nomads && isInTheRoot(line.target())) {
      refuse("mount", asked, "it would hide what Nomad keeps in " + line.target());
    }
    if (!isInTheRoot(line.target())) {
      refuse(
          "mount",
          asked,
          "it would be mounted outside the jail: the target is not below its root, "
              + HclText.quoted(root().toString()));
    }
    switch (line.type()) {
      case NULLFS, UNIONFS -> {
        Path source = Path.of(line.source());
        // A root of its own was permitted as a whole; in Nomad's there is what it hides.
        boolean seen = spec.root() instanceof JailSpec.Root.Directory && isInTheRoot(source);
        if (!seen) {
          hostPath("mount", asked, source);
        }
      }
      case UFS, MSDOSFS, CD9660, EXT2FS, EXT2, EXT3, EXT4, XFS, BTRFS, VFAT, ISO9660, SQUASHFS ->
          disk(asked, Path.of(line.source()));
      case NFS, NFS4 ->
          refuse(
              "mount",
              asked,
              "it is a file system of another host: the operator can mount it, and permit its"
                  + " directory with "
                  + ALLOW_HOST_PATHS.key()
                  + " for a mount of type nullfs");
      case ZFS -> dataset("mount", asked, line.source());
      case DEVFS -> {
        List<String> rulesets =
            line.options().stream()
                .filter(option -> option.startsWith("ruleset="))
                .map(option -> option.substring("ruleset=".length()))
                .toList();
        rulesets.forEach(ruleset -> ruleset("mount", asked, ruleset));
        if (rulesets.isEmpty()) {
          ruleset("mount", asked, "0");
        }
      }
      case TMPFS, FDESCFS, PROCFS, LINPROCFS, LINSYSFS -> {
        // They show nothing of the host that the jail would not see by itself.
      }
    }
  }

  /** The kernel reads it: what a job wrote there itself could be made to break the kernel. */
  private void disk(String asked, Path source) {
    if (isTheJobs(source) || isInTheRoot(source)) {
      refuse(
          "mount",
          asked,
          "the host's kernel would read what the job can write to "
              + HclText.quoted(source.toString())
              + ": it has to be where jobs cannot write");
    } else {
      hostPath("mount", asked, source);
    }
  }

  private void hostPath(String name, String asked, Path path) {
    if (unclear(name, path) || isPermitted(ALLOW_HOST_PATHS, path) || isTheTasks(path)) {
      return;
    }
    refuse(
        name,
        asked,
        HclText.quoted(path.toString()) + " is the host's, outside the allocation" + leads(path),
        new Grant(ALLOW_HOST_PATHS, real(path).toString()));
  }

  private Optional<Path> path(String name, String value) {
    try {
      return Optional.of(Path.of(value));
    } catch (InvalidPathException notAPath) {
      refuse(name, " = " + HclText.quoted(value), "it is not a path");
      return Optional.empty();
    }
  }

  /** Refuses a path of which nobody can say where it leads. */
  private boolean unclear(String name, Path path) {
    if (!HostPaths.goesUp(path)) {
      return false;
    }
    refuse(
        name,
        " = " + HclText.quoted(path.toString()),
        "where \"..\" leads depends on symbolic links: write "
            + HclText.quoted(path.normalize().toString()));
    return true;
  }

  private boolean isPermitted(PolicyOption option, Path path) {
    return policy.entries(option).stream()
        .anyMatch(entry -> HostPaths.isBelow(path, Path.of(entry), real));
  }

  /** Whether tasks of the job can change what is there, its other tasks even meanwhile. */
  private boolean isTheJobs(Path path) {
    return allocation.isShared(path, real) || isTheTasks(path);
  }

  /** Whether it is this task's alone. */
  private boolean isTheTasks(Path path) {
    return allocation.holds(path, real);
  }

  private boolean isInTheRoot(Path path) {
    return !HostPaths.goesUp(path) && HostPaths.isBelow(path, root(), real);
  }

  private Path root() {
    return switch (spec.root()) {
      case JailSpec.Root.Directory(Path path) -> path;
      case JailSpec.Root.HostSystem system -> system.taskDirectory();
    };
  }

  private Path real(Path path) {
    return HostPaths.plain(real.apply(path));
  }

  /** Where a path leads, if that is elsewhere. */
  private String leads(Path path) {
    Path place = real(path);
    return place.equals(HostPaths.plain(path))
        ? ""
        : ", where it leads to " + HclText.quoted(place.toString());
  }

  // ---- datasets, interfaces, devices

  private void datasets() {
    for (String value : parameters.values("zfs.dataset")) {
      dataset("zfs.dataset", " = " + HclText.quoted(value), value);
    }
  }

  private void dataset(String name, String asked, String dataset) {
    if (policy.entries(ALLOW_DATASETS).stream()
        .noneMatch(entry -> Datasets.isBelow(dataset, entry))) {
      refuse(
          name,
          asked,
          "it is a dataset of the host's",
          new Grant(ALLOW_DATASETS, snapshotless(dataset)));
    }
  }

  private static String snapshotless(String dataset) {
    return dataset.replaceFirst("@.*", "");
  }

  private void interfaces() {
    for (String name : List.of("interface", "vnet.interface")) {
      for (String value : parameters.values(name)) {
        for (String one : value.split(",", -1)) {
          interfaceOfHost(name, one.strip());
        }
      }
    }
    boolean named = !parameters.values("interface").isEmpty();
    for (String name : List.of("ip4.addr", "ip6.addr")) {
      for (String value : parameters.values(name)) {
        for (String address : value.split(",", -1)) {
          int bar = address.indexOf('|');
          if (bar >= 0) {
            interfaceOfHost(name, address.substring(0, bar).strip());
          } else if (!named && !address.isBlank() && !address.strip().equals("-")) {
            addressOfAny(name);
          }
          words(name, address.strip());
        }
      }
    }
    if (!named && parameters.flag("ip_hostname").orElse(false)) {
      addressOfAny("ip_hostname");
    }
  }

  /**
   * An address without an interface is one of the host's, or the host routes it to the jail from
   * then on, whoever it was that had it.
   */
  private void addressOfAny(String parameter) {
    if (!policy.entries(ALLOW_INTERFACES).contains("*")) {
      refuse(
          parameter,
          "",
          "an address without an interface can be that of any: write it with one that jobs may use",
          new Grant(ALLOW_INTERFACES, "*"));
    }
  }

  /** What stands behind an address goes to ifconfig(8), which knows other interfaces too. */
  private void words(String parameter, String address) {
    List<String> words = List.of(address.split("\\s+"));
    for (int i = 1; i < words.size(); i++) {
      String word = words.get(i);
      if (WORDS_WITH_A_VALUE.contains(word)) {
        i++;
      } else if (!WORDS.contains(word) && !policy.entries(ALLOW_INTERFACES).contains("*")) {
        refuse(
            parameter,
            "",
            "what \"" + word + "\" behind an address does is not about that address alone",
            new Grant(ALLOW_INTERFACES, "*"));
        return;
      }
    }
  }

  private void interfaceOfHost(String parameter, String name) {
    if (!matches(ALLOW_INTERFACES, name)) {
      refuse(
          parameter,
          "",
          HclText.quoted(name) + " is not an interface that jobs may use",
          grantOfName(ALLOW_INTERFACES, name));
    }
  }

  /** No entry stands for a name with {@code *}: it would open more than that name. */
  private static Optional<Grant> grantOfName(PolicyOption option, String name) {
    return name.contains("*") ? Optional.empty() : Optional.of(new Grant(option, name));
  }

  private void devices() {
    Optional<String> given = parameters.value("devfs_ruleset");
    if (given.isPresent()) {
      ruleset("devfs_ruleset", " = " + HclText.quoted(given.get()), given.get());
      return;
    }
    if (parameters.flag("mount.devfs").orElse(false)) {
      ruleset("mount.devfs", "", "4");
    }
    // A jail has the ruleset of its parent: on the host that is none, also beside mount.devfs.
    boolean mayMount =
        parameters.flag("allow.mount").orElse(false)
            && parameters.number("enforce_statfs").orElse(2L) < 2;
    if (mayMount && parameters.flag("allow.mount.devfs").orElse(false)) {
      ruleset("allow.mount.devfs", "", "0");
    }
  }

  private void ruleset(String name, String asked, String ruleset) {
    if (!policy.entries(ALLOW_DEVFS_RULESETS).contains(ruleset)) {
      String shows =
          ruleset.equals("0")
              ? "without a ruleset the jail sees all devices of the host"
              : "ruleset " + ruleset + " decides which devices of the host the jail sees";
      refuse(name, asked, shows, new Grant(ALLOW_DEVFS_RULESETS, ruleset));
    }
  }

  // ---- users and limits

  private void users() {
    Optional<String> jailUser = parameters.value("exec.jail_user");
    Optional<String> taskUser = spec.user();
    if (taskUser.isPresent()) {
      user("user", taskUser.get());
    } else if (!spec.command().isEmpty()) {
      user("user", jailUser.orElse(ROOT_USER));
    }
    if (jailUser.isPresent()) {
      user("exec.jail_user", jailUser.get());
      return;
    }
    for (String hook : List.of("exec.start", "exec.stop")) {
      if (!parameters.values(hook).isEmpty()) {
        user(hook, ROOT_USER);
      }
    }
  }

  private void user(String name, String user) {
    String known = user.replaceFirst("^0(?=:|$)", ROOT_USER);
    boolean permitted =
        matchesUser(user)
            || matchesUser(known)
            || (known.equals(ROOT_USER) && matches(ALLOW_USERS, "0"));
    boolean named = !known.equals(ROOT_USER) && !user.matches("[0-9]+(:[0-9]+)?");
    boolean anybody = policy.entries(ALLOW_USERS).contains("*");
    boolean byTheJob = rootIsTheJobs() && !isLookedUpOnTheHost(user);
    if (permitted && named && !anybody && byTheJob) {
      refuse(
          name,
          "",
          "who "
              + HclText.quoted(user)
              + " is, the job's own etc/passwd says, as its root is one of its directories: write"
              + " the user's number");
    }
    if (!permitted) {
      boolean said = name.equals("user") || name.equals("exec.jail_user");
      refuse(
          name,
          said ? " = " + HclText.quoted(user) : "",
          "jobs may not run as the user " + HclText.quoted(user),
          grantOfName(ALLOW_USERS, user));
    }
  }

  private boolean isLookedUpOnTheHost(String user) {
    return parameters.flag("exec.system_jail_user").orElse(false)
        && parameters.value("exec.jail_user").filter(user::equals).isPresent();
  }

  private boolean rootIsTheJobs() {
    return spec.root() instanceof JailSpec.Root.Directory(Path path) && isTheJobs(path);
  }

  /** An entry without a group permits no group of the job's choice. */
  private boolean matchesUser(String user) {
    return policy.entries(ALLOW_USERS).stream()
        .filter(entry -> entry.equals("*") || entry.contains(":") || !user.contains(":"))
        .anyMatch(entry -> matches(entry, user));
  }

  private void rule(RctlRule rule) {
    if (!matches(ALLOW_RCTL_ACTIONS, rule.action().keyword())) {
      String reason =
          switch (rule.action()) {
            case LOG -> "it writes to the host's log";
            case DEVCTL -> "it tells the host's devd(8)";
            default -> "the operator permits other actions";
          };
      refuse(
          "the rctl rule " + HclText.quoted(rule.toString()),
          "",
          reason,
          new Grant(ALLOW_RCTL_ACTIONS, rule.action().keyword()));
    }
  }

  private boolean matches(PolicyOption option, String name) {
    return policy.entries(option).stream().anyMatch(entry -> matches(entry, name));
  }

  private static boolean matches(String entry, String name) {
    return entry.endsWith("*")
        ? name.startsWith(entry.substring(0, entry.length() - 1))
        : name.equals(entry);
  }

  // ---- how it is said

  private void refuse(String name, String asked, String reason, Grant grant) {
    refuse(name, asked, reason, Optional.of(grant));
  }

  private void refuse(String name, String asked, String reason) {
    refuse(name, asked, reason, Optional.empty());
  }

  private void refuse(String name, String asked, String reason, Optional<Grant> grant) {
    Optional<Provenance> provenance =
        parameters.names().contains(name) ? parameters.provenance(name) : Optional.empty();
    String written = provenance.map(Provenance::written).orElse(name);
    String remedy =
        grant
            .map(one -> ". The operator permits it with " + policy.written(one))
            .map(text -> text + " in the plugin's config")
            .orElse("");
    refusals.add(
        new Refusal(
            written,
            provenance.map(Provenance::place).orElse(""),
            written + asked + " is not permitted: " + reason + remedy,
            grant));
  }
}
