package io.gaol.testing.host;

import com.google.protobuf.ByteString;
import io.gaol.nomad.proto.base.ClientTopology;
import io.gaol.nomad.proto.base.ClientTopologyCore;
import io.gaol.nomad.proto.base.ConfigSchemaRequest;
import io.gaol.nomad.proto.base.NomadConfig;
import io.gaol.nomad.proto.base.NomadDriverConfig;
import io.gaol.nomad.proto.base.PluginInfoRequest;
import io.gaol.nomad.proto.base.PluginInfoResponse;
import io.gaol.nomad.proto.base.SetConfigRequest;
import io.gaol.nomad.proto.driver.DriverTaskEvent;
import io.gaol.nomad.proto.driver.FingerprintRequest;
import io.gaol.nomad.proto.driver.FingerprintResponse;
import io.gaol.nomad.proto.driver.InitRequest;
import io.gaol.nomad.proto.driver.TaskEventsRequest;
import io.gaol.nomad.proto.hclspec.Spec;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the start of an agent does with a plugin: three launches, one after the other, of which the
 * last one stays.
 *
 * @param info who the plugin is
 * @param schema of the {@code config} of the agent's {@code plugin} block
 * @param plugin the third launch: configured and initialised
 * @param fingerprints what it tells of itself, without end
 * @param events what happens to its tasks, without end
 * @param validations how the two launches before ended
 */
public record AgentStart(
    PluginInfoResponse info,
    Spec schema,
    Plugin plugin,
    Received<FingerprintRequest, FingerprintResponse> fingerprints,
    Received<TaskEventsRequest, DriverTaskEvent> events,
    List<Killed> validations)
    implements AutoCloseable {
  private static final int MIN_PORT = 14_000;
  private static final int MAX_PORT = 14_512;
  private static final int CORE_MEGAHERTZ = 2_000;
  private static final String API = "v0.1.0";
  private static final Pattern VERSION =
      Pattern.compile("v?\\d+(\\.\\d+)*(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?");

  /** Copies. */
  public AgentStart {
    validations = List.copyOf(validations);
  }

  /**
   * Starts.
   *
   * @param command launches the plugin
   * @param config of the agent's {@code plugin} block
   * @throws PluginHostException if the agent would not start
   */
  public static AgentStart of(PluginCommand command, Map<String, ?> config) {
    return of(command, config, Duration.ofSeconds(2));
  }

  /**
   * The same with more patience than an agent has, for the end of the first two launches: for a
   * busy machine.
   */
  public static AgentStart of(PluginCommand command, Map<String, ?> config, Duration grace) {
    List<Killed> validations = new ArrayList<>();
    PluginInfoResponse info;
    Spec schema;
    try (Plugin first = command.launch()) {
      info = first.base().pluginInfo(PluginInfoRequest.getDefaultInstance());
      if (!VERSION.matcher(info.getPluginVersion()).matches()) {
        throw new PluginHostException("Malformed version: " + info.getPluginVersion());
      }
      schema = first.base().configSchema(ConfigSchemaRequest.getDefaultInstance()).getSpec();
      validations.add(first.kill(grace));
    }
    // Without a schema there is nothing to validate, and nothing is sent.
    boolean configurable = schema.getBlockCase() != Spec.BlockCase.BLOCK_NOT_SET;
    if (!configurable && !config.isEmpty()) {
      throw new PluginHostException("configuration not allowed but config passed");
    }
    ByteString bytes = configurable ? ConfigSpec.encode(schema, config) : ByteString.EMPTY;
    if (configurable) {
      try (Plugin second = command.launch()) {
        setConfig(second, validation(bytes));
        setConfig(second, validation(bytes));
        validations.add(second.kill(grace));
      }
    }
    Plugin third = command.launch();
    try {
      setConfig(third, forWork(bytes));
      Received<FingerprintRequest, FingerprintResponse> fingerprints = new Received<>();
      Received<TaskEventsRequest, DriverTaskEvent> events = new Received<>();
      work(third, fingerprints, events);
      return new AgentStart(info, schema, third, fingerprints, events, validations);
    } catch (RuntimeException refused) {
      third.close();
      throw refused;
    }
  }

  private static void setConfig(Plugin plugin, SetConfigRequest request) {
    try {
      plugin.base().setConfig(request);
    } catch (StatusRuntimeException refused) {
      throw new PluginHostException("SetConfig: " + refused.getStatus().getDescription(), refused);
    }
  }

  /** As {@code SetConfig} is called while an agent only looks whether the config is right. */
  public static SetConfigRequest validation(ByteString config) {
    return SetConfigRequest.newBuilder().setMsgpackConfig(config).setPluginApiVersion(API).build();
  }

  /** As {@code SetConfig} is called of a plugin that is to work: with the node. */
  public static SetConfigRequest forWork(ByteString config) {
    ClientTopology.Builder topology = ClientTopology.newBuilder().addNodeIds(0);
    for (int core = 0; core < Runtime.getRuntime().availableProcessors(); core++) {
      topology.addCores(
          ClientTopologyCore.newBuilder().setCoreId(core).setBaseSpeed(CORE_MEGAHERTZ));
    }
    return validation(config).toBuilder()
        .setNomadConfig(
            NomadConfig.newBuilder()
                .setDriver(
                    NomadDriverConfig.newBuilder()
                        .setClientMinPort(MIN_PORT)
                        .setClientMaxPort(MAX_PORT)
                        .setTopology(topology)))
        .build();
  }

  /** What follows the configuration of a plugin, and the finding again of one. */
  static void work(
      Plugin plugin,
      Received<FingerprintRequest, FingerprintResponse> fingerprints,
      Received<TaskEventsRequest, DriverTaskEvent> events) {
    try {
      plugin.driver().init(InitRequest.getDefaultInstance());
    } catch (StatusRuntimeException refused) {
      // Agents before 2.0.4 do not call it, so a plugin need not know it.
      if (refused.getStatus().getCode() != Status.Code.UNIMPLEMENTED) {
        throw new PluginHostException("Init: " + refused.getStatus().getDescription(), refused);
      }
    }
    plugin.driverAsync().fingerprint(FingerprintRequest.getDefaultInstance(), fingerprints);
    plugin.driverAsync().taskEvents(TaskEventsRequest.getDefaultInstance(), events);
    fingerprints.await(any -> true);
  }

  /** The same with a plugin that an earlier agent left: {@link Plugin#reattach}. */
  public AgentStart with(Plugin reattached) {
    Received<FingerprintRequest, FingerprintResponse> newFingerprints = new Received<>();
    Received<TaskEventsRequest, DriverTaskEvent> newEvents = new Received<>();
    work(reattached, newFingerprints, newEvents);
    return new AgentStart(info, schema, reattached, newFingerprints, newEvents, List.of());
  }

  /** Ends the plugin if it still runs; fails as {@link Plugin#close} does. */
  @Override
  public void close() {
    plugin.close();
  }
}
