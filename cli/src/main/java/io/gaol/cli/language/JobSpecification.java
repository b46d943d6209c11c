package io.gaol.cli.language;

import static io.gaol.cli.language.Key.flag;
import static io.gaol.cli.language.Key.free;
import static io.gaol.cli.language.Key.lists;
import static io.gaol.cli.language.Key.many;
import static io.gaol.cli.language.Key.named;
import static io.gaol.cli.language.Key.names;
import static io.gaol.cli.language.Key.namesOrAttribute;
import static io.gaol.cli.language.Key.one;
import static io.gaol.cli.language.Key.text;
import static io.gaol.cli.language.Key.texts;
import static io.gaol.cli.language.Key.time;
import static io.gaol.cli.language.Key.whole;
import static io.gaol.cli.language.Key.wholes;

/**
 * Nomad's job specification: every block and every key, what it takes, and what becomes of it here.
 * The one place that knows; whatever reads, checks or explains a job asks it.
 */
final class JobSpecification {
  private static final BlockType CONSTRAINT =
      BlockType.of("constraint")
          .with(
              text("attribute").api("LTarget"),
              text("value").api("RTarget"),
              text("operator").api("Operand"),
              text("version"),
              text("semver"),
              text("regexp"),
              text("set_contains"),
              text("set_contains_all"),
              text("set_contains_any"),
              text("is_set"),
              text("is_not_set"),
              text("distinct_property"),
              flag("distinct_hosts"));

  private static final BlockType AFFINITY =
      BlockType.of("affinity")
          .with(
              text("attribute").api("LTarget"),
              text("value").api("RTarget"),
              text("operator").api("Operand"),
              whole("weight").orNull(),
              text("version"),
              text("semver"),
              text("regexp"),
              text("set_contains"),
              text("set_contains_all"),
              text("set_contains_any"));

  private static final BlockType LIFECYCLE =
      BlockType.of("lifecycle block").with(text("hook"), flag("sidecar"));

  private static final BlockType CHECK_RESTART =
      BlockType.of("check_restart block")
          .with(whole("limit"), time("grace"), flag("ignore_warnings"));

  private static final BlockType CHECK =
      BlockType.of("check block")
          .with(
              text("name"),
              text("type"),
              text("command"),
              texts("args"),
              text("path"),
              text("protocol"),
              text("port").api("PortLabel"),
              flag("expose"),
              text("address_mode"),
              text("advertise"),
              time("interval"),
              time("timeout"),
              text("initial_status"),
              text("notes"),
              text("tls_server_name"),
              flag("tls_skip_verify"),
              lists("header"),
              text("method"),
              one("check_restart", CHECK_RESTART),
              text("grpc_service"),
              flag("grpc_use_tls"),
              text("task").api("TaskName"),
              whole("success_before_passing"),
              whole("failures_before_critical"),
              whole("failures_before_warning"),
              text("body"),
              text("on_update"));

  private static final BlockType BIND_ADDRESS =
      BlockType.of("bind address").with(text("address"), whole("port"));

  private static final BlockType GATEWAY_PROXY =
      BlockType.of("proxy block")
          .with(
              time("connect_timeout"),
              flag("envoy_gateway_bind_tagged_addresses"),
              named("envoy_gateway_bind_addresses", BIND_ADDRESS),
              flag("envoy_gateway_no_default_bind"),
              text("envoy_dns_discovery_type"),
              free("config"));

  private static final BlockType SDS =
      BlockType.of("sds block").with(text("cluster_name"), text("cert_resource"));

  private static final BlockType TLS =
      BlockType.of("tls block")
          .with(
              flag("enabled"),
              text("tls_min_version"),
              text("tls_max_version"),
              texts("cipher_suites"),
              one("sds", SDS));

  private static final BlockType HEADER_CHANGES =
      BlockType.of("headers block").with(names("add"), names("set"), texts("remove"));

  private static final BlockType INGRESS_SERVICE =
      BlockType.of("service of an ingress")
          .with(
              text("name"),
              texts("hosts"),
              one("tls", TLS),
              one("request_headers", HEADER_CHANGES),
              one("response_headers", HEADER_CHANGES),
              whole("max_connections").orNull(),
              whole("max_pending_requests").orNull(),
              whole("max_concurrent_requests").orNull());

  private static final BlockType LISTENER =
      BlockType.of("listener block")
          .with(whole("port"), text("protocol"), many("service", INGRESS_SERVICE).api("Services"));

  private static final BlockType INGRESS =
      BlockType.of("ingress block")
          .with(one("tls", TLS), many("listener", LISTENER).api("Listeners"));

  private static final BlockType LINKED_SERVICE =
      BlockType.of("service of a terminating gateway")
          .with(text("name"), text("ca_file"), text("cert_file"), text("key_file"), text("sni"));

  private static final BlockType TERMINATING =
      BlockType.of("terminating block").with(many("service", LINKED_SERVICE).api("Services"));

  private static final BlockType MESH = BlockType.of("mesh block");

  private static final BlockType GATEWAY =
      BlockType.of("gateway block")
          .with(
              one("proxy", GATEWAY_PROXY),
              one("ingress", INGRESS),
              one("terminating", TERMINATING),
              one("mesh", MESH));

  private static final BlockType EXPOSED_PATH =
      BlockType.of("path block")
          .with(text("path"), text("protocol"), whole("local_path_port"), text("listener_port"));

  private static final BlockType EXPOSE =
      BlockType.of("expose block").with(many("path", EXPOSED_PATH).api("Paths"));

  private static final BlockType MESH_GATEWAY =
      BlockType.of("mesh_gateway block").with(text("mode"));

  private static final BlockType UPSTREAM =
      BlockType.of("upstreams block")
          .with(
              text("destination_name"),
              text("destination_namespace"),
              text("destination_peer"),
              text("destination_partition"),
              text("destination_type"),
              whole("local_bind_port"),
              text("datacenter"),
              text("local_bind_address"),
              text("local_bind_socket_path"),
              text("local_bind_socket_mode"),
              one("mesh_gateway", MESH_GATEWAY),
              free("config"));

  private static final BlockType TRANSPARENT_PROXY =
      BlockType.of("transparent_proxy block")
          .with(
              text("uid"),
              whole("outbound_port"),
              texts("exclude_inbound_ports"),
              wholes("exclude_outbound_ports"),
              texts("exclude_outbound_cidrs"),
              texts("exclude_uids"),
              flag("no_dns"));

  private static final BlockType PROXY =
      BlockType.of("proxy block")
          .with(
              text("local_service_address"),
              whole("local_service_port"),
              one("expose", EXPOSE),
              many("upstreams", UPSTREAM),
              one("transparent_proxy", TRANSPARENT_PROXY),
              free("config"));

  private static final BlockType SIDECAR_SERVICE =
      BlockType.of("sidecar_service block")
          .with(
              texts("tags"),
              text("port"),
              one("proxy", PROXY),
              flag("disable_default_tcp_check"),
              names("meta"));

  private static final BlockType DNS =
      BlockType.of("dns block").with(texts("servers"), texts("searches"), texts("options"));

  private static final BlockType PORT =
      BlockType.of("port")
          .with(
              whole("static").api("Value"),
              whole("to"),
              text("host_network"),
              flag("ignore_collision"));

  private static final BlockType CNI = BlockType.of("cni block").with(names("args"));

  private static final BlockType NETWORK =
      BlockType.of("network block")
          .with(
              text("mode"),
              text("device"),
              text("cidr"),
              text("ip"),
              one("dns", DNS),
              named("port", PORT).api("DynamicPorts").label("Label"),
              named("reserved_ports", PORT).label("Label"),
              text("hostname"),
              one("cni", CNI))
          .deprecated(whole("mbits").orNull(), "Nomad ignores it; leave it out.");

  private static final BlockType DEVICE =
      BlockType.of("device")
          .with(
              whole("count").orNull(),
              many("constraint", CONSTRAINT).api("Constraints"),
              many("affinity", AFFINITY).api("Affinities"));

  private static final BlockType NUMA =
      BlockType.of("numa block").with(text("affinity"), texts("devices"));

  private static final BlockType RESOURCES =
      BlockType.of("resources block")
          .with(
              whole("cpu").orNull().from(1),
              whole("cores").orNull().from(1),
              whole("memory").orNull().from(10).api("MemoryMB"),
              whole("memory_max").orNull().from(-1).api("MemoryMaxMB"))
          .cluster(
              whole("disk").orNull().api("DiskMB"),
              one("numa", NUMA),
              whole("secrets").orNull().api("SecretsMB"))
          .cluster(named("device", DEVICE).api("Devices"))
          .deprecated(
              many("network", NETWORK).api("Networks"), "Write the network block in the group.")
          .deprecated(whole("iops").orNull(), "Nomad ignores it; leave it out.");

  private static final BlockType LOGS =
      BlockType.of("logs block")
          .with(
              whole("max_files").orNull().from(1),
              whole("max_file_size").orNull().from(1).api("MaxFileSizeMB"),
              flag("disabled").orNull())
          .deprecated(flag("enabled").orNull(), "Write disabled, and the opposite.");

  private static final BlockType VOLUME_MOUNT =
      BlockType.of("volume_mount block")
          .with(
              text("volume").orNull(),
              text("destination").orNull(),
              flag("read_only").orNull(),
              text("propagation_mode").orNull(),
              text("selinux_label").orNull());

  private static final BlockType IDENTITY =
      BlockType.of("identity block")
          .with(
              text("name"),
              texts("aud").api("Audience"),
              text("change_mode"),
              text("change_signal"),
              flag("env"),
              flag("file"),
              text("filepath"),
              text("service_name"),
              time("ttl"),
              texts("extra_claims"));

  private static final BlockType SIDECAR_TASK =
      BlockType.of("sidecar_task block")
          .with(
              text("name"),
              text("driver"),
              text("user"),
              free("config"),
              names("env"),
              one("resources", RESOURCES),
              names("meta"),
              time("kill_timeout"),
              one("logs", LOGS).api("LogConfig"),
              time("shutdown_delay"),
              text("kill_signal"),
              many("volume_mount", VOLUME_MOUNT).api("VolumeMounts"),
              many("identity", IDENTITY).api("Identities"));

  private static final BlockType CONNECT =
      BlockType.of("connect block")
          .with(
              flag("native"),
              one("gateway", GATEWAY),
              one("sidecar_service", SIDECAR_SERVICE),
              one("sidecar_task", SIDECAR_TASK));

  private static final BlockType WEIGHTS =
      BlockType.of("weights block").with(whole("passing"), whole("warning"));

  private static final BlockType SERVICE =
      BlockType.of("service")
          .with(
              text("name"),
              texts("tags"),
              texts("canary_tags"),
              flag("enable_tag_override"),
              text("port").api("PortLabel"),
              text("address_mode"),
              text("address"),
              many("check", CHECK).api("Checks"),
              one("check_restart", CHECK_RESTART),
              one("connect", CONNECT),
              names("meta"),
              names("canary_meta"),
              names("tagged_addresses"),
              text("task").api("TaskName"),
              text("on_update"),
              one("identity", IDENTITY),
              one("weights", WEIGHTS),
              text("provider"),
              text("cluster"),
              text("kind"));

  private static final BlockType RESTART =
      BlockType.of("restart block")
          .with(
              time("interval"),
              whole("attempts").orNull().from(0),
              time("delay"),
              text("mode").orNull().of("fail", "delay"),
              flag("render_templates").orNull());

  private static final BlockType ARTIFACT =
      BlockType.of("artifact block")
          .with(
              text("source").orNull().api("GetterSource"),
              names("options").api("GetterOptions"),
              names("headers").api("GetterHeaders"),
              text("mode").orNull().api("GetterMode"),
              flag("insecure").orNull().api("GetterInsecure"),
              text("destination").orNull().api("RelativeDest"),
              flag("chown"));

  private static final BlockType VAULT =
      BlockType.of("vault block")
          .with(
              text("role"),
              text("namespace").orNull(),
              text("cluster"),
              flag("env").orNull(),
              flag("disable_file").orNull(),
              text("change_mode").orNull().of("noop", "restart", "signal"),
              text("change_signal").orNull(),
              flag("allow_token_expiration").orNull())
          .deprecated(
              texts("policies"), "Vault gives policies to a role now: write role = \"...\".");

  private static final BlockType CONSUL =
      BlockType.of("consul block").with(text("namespace"), text("cluster"), text("partition"));

  private static final BlockType CHANGE_SCRIPT =
      BlockType.of("change_script block")
          .with(
              text("command").orNull(),
              texts("args"),
              time("timeout"),
              flag("fail_on_error").orNull(),
              flag("run_on_first_render").orNull());

  private static final BlockType WAIT = BlockType.of("wait block").with(time("min"), time("max"));

  private static final BlockType TEMPLATE =
      BlockType.of("template block")
          .with(
              text("source").orNull().api("SourcePath"),
              text("destination").orNull().api("DestPath"),
              text("data").orNull().api("EmbeddedTmpl"),
              text("change_mode").orNull(),
              one("change_script", CHANGE_SCRIPT),
              text("change_signal").orNull(),
              flag("once").orNull(),
              time("splay"),
              text("perms").orNull(),
              whole("uid").orNull(),
              whole("gid").orNull(),
              text("left_delimiter").orNull().api("LeftDelim"),
              text("right_delimiter").orNull().api("RightDelim"),
              flag("env").orNull().api("Envvars"),
              one("wait", WAIT),
              flag("error_on_missing_key").orNull().api("ErrMissingKey"))
          .deprecated(time("vault_grace"), "Nomad ignores it; leave it out.");

  private static final BlockType DISPATCH_PAYLOAD =
      BlockType.of("dispatch_payload block").with(text("file"));

  private static final BlockType CSI_PLUGIN =
      BlockType.of("csi_plugin block")
          .with(
              text("id"),
              text("type"),
              text("mount_dir"),
              text("stage_publish_base_dir"),
              time("health_timeout"));

  private static final BlockType SCALING =
      BlockType.of("scaling block")
          .with(
              whole("min").orNull(),
              whole("max").orNull(),
              free("policy"),
              flag("enabled").orNull(),
              text("type"));

  private static final BlockType SECRET =
      BlockType.of("secret").with(text("provider"), text("path"), free("config"), names("env"));

  private static final BlockType ACTION =
      BlockType.of("action").with(text("command").needed(), texts("args"));

  private static final BlockType CRON =
      BlockType.of("cron block").with(text("start"), text("end"), text("timezone"));

  private static final BlockType SCHEDULE = BlockType.of("schedule block").with(one("cron", CRON));

  private static final BlockType TASK =
      BlockType.of("task")
          .with(
              text("driver"),
              text("user"),
              one("lifecycle", LIFECYCLE),
              free("config"),
              many("constraint", CONSTRAINT).api("Constraints"),
              namesOrAttribute("env"),
              one("resources", RESOURCES),
              one("restart", RESTART).api("RestartPolicy"),
              namesOrAttribute("meta"),
              time("kill_timeout"),
              text("kill_signal"),
              many("artifact", ARTIFACT).api("Artifacts"),
              many("template", TEMPLATE).api("Templates"),
              many("volume_mount", VOLUME_MOUNT).api("VolumeMounts"),
              flag("leader"),
              time("shutdown_delay"))
          .silent(one("logs", LOGS).api("LogConfig"))
          .cluster(
              many("affinity", AFFINITY).api("Affinities"),
              many("service", SERVICE).api("Services"),
              one("vault", VAULT),
              one("consul", CONSUL),
              one("dispatch_payload", DISPATCH_PAYLOAD),
              one("csi_plugin", CSI_PLUGIN).api("CSIPluginConfig"),
              text("kind"),
              named("scaling", SCALING).api("ScalingPolicies").label("Target"),
              named("secret", SECRET).api("Secrets"),
              many("identity", IDENTITY).api("Identities"),
              named("action", ACTION).api("Actions"),
              one("schedule", SCHEDULE));

  private static final BlockType TARGET = BlockType.of("target").with(whole("percent"));

  private static final BlockType SPREAD =
      BlockType.of("spread block")
          .with(
              text("attribute"),
              whole("weight").orNull(),
              named("target", TARGET).api("SpreadTarget").label("Value"));

  private static final BlockType MOUNT_OPTIONS =
      BlockType.of("mount_options block").with(text("fs_type"), texts("mount_flags"));

  private static final BlockType VOLUME =
      BlockType.of("volume")
          .with(
              text("type"),
              text("source"),
              flag("read_only"),
              flag("sticky"),
              text("access_mode"),
              text("attachment_mode"),
              one("mount_options", MOUNT_OPTIONS),
              flag("per_alloc"));

  private static final BlockType DISCONNECT =
      BlockType.of("disconnect block")
          .with(
              time("lost_after"),
              time("stop_on_client_after"),
              flag("replace").orNull(),
              text("reconcile").orNull());

  private static final BlockType RESCHEDULE =
      BlockType.of("reschedule block")
          .with(
              whole("attempts").orNull(),
              time("interval"),
              time("delay"),
              text("delay_function").orNull(),
              time("max_delay"),
              flag("unlimited").orNull());

  private static final BlockType EPHEMERAL_DISK =
      BlockType.of("ephemeral_disk block")
          .with(
              flag("sticky").orNull(),
              flag("migrate").orNull(),
              whole("size").orNull().api("SizeMB"));

  private static final BlockType UPDATE =
      BlockType.of("update block")
          .with(
              time("stagger"),
              whole("max_parallel").orNull(),
              text("health_check").orNull(),
              time("min_healthy_time"),
              time("healthy_deadline"),
              time("progress_deadline"),
              whole("canary").orNull(),
              flag("auto_revert").orNull(),
              flag("auto_promote").orNull());

  private static final BlockType MIGRATE =
      BlockType.of("migrate block")
          .with(
              whole("max_parallel").orNull(),
              text("health_check").orNull(),
              time("min_healthy_time"),
              time("healthy_deadline"));

  private static final BlockType GROUP =
      BlockType.of("group")
          .with(
              whole("count").orNull().from(0),
              many("constraint", CONSTRAINT).api("Constraints"),
              named("task", TASK).api("Tasks"),
              named("volume", VOLUME).api("Volumes"),
              one("restart", RESTART).api("RestartPolicy"),
              namesOrAttribute("meta"),
              time("shutdown_delay"))
          .cluster(
              many("affinity", AFFINITY).api("Affinities"),
              many("spread", SPREAD).api("Spreads"),
              one("disconnect", DISCONNECT),
              one("reschedule", RESCHEDULE).api("ReschedulePolicy"),
              one("ephemeral_disk", EPHEMERAL_DISK),
              one("update", UPDATE),
              one("migrate", MIGRATE),
              many("network", NETWORK).api("Networks"),
              many("service", SERVICE).api("Services"),
              one("scaling", SCALING),
              one("consul", CONSUL),
              one("vault", VAULT),
              named("secret", SECRET).api("Secrets"),
              time("max_run_duration"))
          .deprecated(time("max_client_disconnect"), "Write disconnect { lost_after = ... }.")
          .deprecated(
              time("stop_after_client_disconnect"),
              "Write disconnect { stop_on_client_after = ... }.")
          .deprecated(
              flag("prevent_reschedule_on_lost").orNull(),
              "Write disconnect { replace = ... }, and the opposite.");

  private static final BlockType STRATEGY =
      BlockType.of("strategy block")
          .with(whole("max_parallel").orNull(), text("on_failure").orNull());

  private static final BlockType REGION =
      BlockType.of("region")
          .with(whole("count").orNull(), texts("datacenters"), text("node_pool"), names("meta"));

  private static final BlockType MULTIREGION =
      BlockType.of("multiregion block")
          .with(one("strategy", STRATEGY), named("region", REGION).api("Regions"));

  private static final BlockType PERIODIC =
      BlockType.of("periodic block")
          .with(
              flag("enabled").orNull(),
              texts("crons").api("Specs"),
              flag("prohibit_overlap").orNull(),
              text("time_zone").orNull())
          .deprecated(text("cron").orNull().api("Spec"), "Write crons = [...].");

  private static final BlockType PARAMETERIZED =
      BlockType.of("parameterized block")
          .with(text("payload"), texts("meta_required"), texts("meta_optional"));

  private static final BlockType LINK = BlockType.of("link").with(text("label"), text("url"));

  private static final BlockType UI =
      BlockType.of("ui block").with(text("description"), many("link", LINK).api("Links"));

  private static final BlockType JOB =
      BlockType.of("job")
          .with(
              text("region").orNull(),
              text("namespace").orNull(),
              text("id").orNull(),
              text("name").orNull(),
              text("type").orNull().of("service", "batch", "system", "sysbatch"),
              many("constraint", CONSTRAINT).api("Constraints"),
              named("group", GROUP).api("TaskGroups"),
              namesOrAttribute("meta"),
              named("task", TASK).api("Tasks"))
          .cluster(
              texts("datacenters"),
              whole("priority").orNull(),
              flag("all_at_once").orNull(),
              text("node_pool").orNull(),
              many("affinity", AFFINITY).api("Affinities"),
              one("update", UPDATE),
              one("multiregion", MULTIREGION),
              many("spread", SPREAD).api("Spreads"),
              one("periodic", PERIODIC),
              one("parameterized", PARAMETERIZED).api("ParameterizedJob"),
              one("reschedule", RESCHEDULE),
              one("migrate", MIGRATE),
              one("ui", UI),
              one("vault", VAULT),
              named("secret", SECRET).api("Secrets"))
          .removed(
              text("consul_token").orNull(),
              "Nomad 1.10 took it away: tasks have identities instead.")
          .removed(
              text("vault_token").orNull(),
              "Nomad 1.10 took it away: tasks have identities instead.");

  private JobSpecification() {}

  /** What may stand in a job. */
  static BlockType job() {
    return JOB;
  }
}
