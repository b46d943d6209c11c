package io.gaol.cli.job;

import io.gaol.hcl.Block;
import io.gaol.jail.Spelling;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code volume} and {@code volume_mount} blocks. */
final class VolumeReader {
  /** What a host volume may be accessed as; what else there is needs a storage plugin. */
  private static final Set<String> ACCESS_MODES =
      Set.of(
          "single-node-reader-only",
          "single-node-writer",
          "single-node-single-writer",
          "single-node-multi-writer");

  private static final Set<String> PROPAGATION_MODES =
      Set.of("private", "host-to-task", "bidirectional");

  private VolumeReader() {}

  /**
   * A group's volumes by name, in order.
   *
   * @param jobType such as {@code service}
   */
  static Map<String, Job.VolumeRequest> requests(BodyReader group, String jobType) {
    Map<String, Job.VolumeRequest> volumes = new LinkedHashMap<>();
    for (Block block : group.blocks("volume")) {
      String name = group.label(block);
      if (volumes.containsKey(name)) {
        group.problem(
            block.labels().getFirst().range(),
            "There is a volume \"" + name + "\" already",
            "Give each a name of its own.");
      }
      volumes.put(name, request(name, block, group.of(block), jobType));
    }
    return volumes;
  }

  private static Job.VolumeRequest request(
      String name, Block block, BodyReader reader, String jobType) {
    String type = reader.text("type").orElse("");
    if (type.equals("csi")) {
      reader.problem(
          reader.place("type"),
          "A volume of type \"csi\" needs a cluster's storage plugin",
          "Here there are volumes of type \"host\".");
    } else if (!type.equals("host")) {
      reader.problem(
          type.isEmpty() ? block.typeRange() : reader.place("type"),
          type.isEmpty() ? "A volume needs a type" : "There is no volume type \"" + type + "\"",
          "Write type = \"host\".");
    }
    String source = reader.text("source").orElse("");
    if (source.isEmpty()) {
      reader.problem(
          block.typeRange(),
          "A volume needs a source",
          "Write source = \"name\", the host's name for it.");
    }
    boolean readOnly = reader.flag("read_only").orElse(false);
    boolean perAllocation = reader.flag("per_alloc").orElse(false);
    boolean sticky = reader.flag("sticky").orElse(false);
    if (perAllocation && sticky) {
      reader.problem(reader.place("sticky"), "per_alloc and sticky exclude each other", "");
    }
    if (perAllocation && (jobType.equals("system") || jobType.equals("sysbatch"))) {
      reader.problem(
          reader.place("per_alloc"), "A " + jobType + " job's volume cannot be per_alloc", "");
    }
    if (type.equals("host")) {
      checkHostVolume(reader, readOnly);
    }
    return new Job.VolumeRequest(
        name,
        source,
        readOnly,
        perAllocation,
        source.isEmpty() ? block.typeRange() : reader.place("source"));
  }

  private static void checkHostVolume(BodyReader reader, boolean readOnly) {
    reader
        .block("mount_options")
        .ifPresent(
            options ->
                reader.problem(
                    options.typeRange(), "A host volume has no mount_options", "Remove them."));
    reader.text("attachment_mode");
    String access = reader.text("access_mode").orElse("");
    if (!access.isEmpty() && !ACCESS_MODES.contains(access)) {
      reader.problem(
          reader.place("access_mode"),
          "A host volume has no access_mode \"" + access + "\"",
          Spelling.suggestion(access, ACCESS_MODES).strip());
    }
    if (access.equals("single-node-reader-only") && !readOnly) {
      reader.problem(
          reader.place("access_mode"),
          "A volume of access_mode \"" + access + "\" must be read_only",
          "Write read_only = true.");
    }
  }

  /**
   * A task's mounts, in order.
   *
   * @param volumes the names of its group's
   */
  static List<Job.VolumeMount> mounts(BodyReader task, Set<String> volumes) {
    List<Job.VolumeMount> mounts = new ArrayList<>();
    Set<String> destinations = new HashSet<>();
    for (Block block : task.blocks("volume_mount")) {
      BodyReader reader = task.of(block);
      Job.VolumeMount mount = mount(block, reader, volumes);
      if (!mount.destination().isEmpty() && !destinations.add(mount.destination())) {
        reader.problem(
            mount.range(),
            "There is a volume_mount with the destination \"" + mount.destination() + "\" already",
            "");
      }
      mounts.add(mount);
    }
    return mounts;
  }

  private static Job.VolumeMount mount(Block block, BodyReader reader, Set<String> volumes) {
    String volume = reader.text("volume").orElse("");
    if (volume.isEmpty()) {
      reader.problem(
          block.typeRange(),
          "A volume_mount needs a volume",
          "Write volume = \"name\", one of the group's volumes.");
    } else if (!volumes.contains(volume)) {
      reader.problem(
          reader.place("volume"),
          "The group declares no volume \"" + volume + "\"",
          volumes.isEmpty()
              ? "Write volume \"" + volume + "\" { type = \"host\" source = \"...\" } in the group."
              : Spelling.nearest(volume, volumes)
                  .map(near -> "Did you mean \"" + near + "\"?")
                  .orElse("It declares " + String.join(", ", volumes) + "."));
    }
    String destination = reader.text("destination").orElse("");
    if (destination.isEmpty()) {
      reader.problem(
          block.typeRange(),
          "A volume_mount needs a destination",
          "Write destination = \"/path\", where the task sees the volume.");
    }
    String propagation = reader.text("propagation_mode").orElse("");
    if (!propagation.isEmpty() && !PROPAGATION_MODES.contains(propagation)) {
      reader.problem(
          reader.place("propagation_mode"),
          "There is no propagation_mode \""
              + propagation
              + "\": it is private, host-to-task or bidirectional",
          Spelling.suggestion(propagation, PROPAGATION_MODES).strip());
    } else if (!propagation.isEmpty() && !propagation.equals("private")) {
      reader.problem(
          reader.place("propagation_mode"),
          "propagation_mode = \"" + propagation + "\" is not supported: mounts are private here",
          "");
    }
    String label = reader.text("selinux_label").orElse("");
    if (!Set.of("", "z", "Z").contains(label)) {
      reader.problem(
          reader.place("selinux_label"),
          "There is no selinux_label \"" + label + "\": it is z or Z",
          "");
    }
    return new Job.VolumeMount(
        volume,
        destination,
        reader.flag("read_only").orElse(false),
        destination.isEmpty() ? block.typeRange() : reader.place("destination"));
  }
}
