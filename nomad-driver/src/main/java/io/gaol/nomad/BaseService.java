package io.gaol.nomad;

import io.gaol.nomad.proto.base.BasePluginGrpc;
import io.gaol.nomad.proto.base.ClientTopology;
import io.gaol.nomad.proto.base.ClientTopologyCore;
import io.gaol.nomad.proto.base.ConfigSchemaRequest;
import io.gaol.nomad.proto.base.ConfigSchemaResponse;
import io.gaol.nomad.proto.base.NomadDriverConfig;
import io.gaol.nomad.proto.base.PluginInfoRequest;
import io.gaol.nomad.proto.base.PluginInfoResponse;
import io.gaol.nomad.proto.base.PluginType;
import io.gaol.nomad.proto.base.SetConfigRequest;
import io.gaol.nomad.proto.base.SetConfigResponse;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;

/** Nomad's service {@code BasePlugin}, answered by a {@link TaskDriver}. */
final class BaseService extends BasePluginGrpc.BasePluginImplBase {
  /** The only one of drivers, in all versions of Nomad. */
  private static final String API_VERSION = "v0.1.0";

  private final TaskDriver driver;
  private final SchemaMessage schema;

  /** An agent that finds a plugin that runs already does not tell again. */
  private volatile Optional<PluginConfig.Node> node = Optional.empty();

  /** For a driver. */
  BaseService(TaskDriver driver) {
    this.driver = driver;
    this.schema = new SchemaMessage(driver::configSchema);
  }

  /** What the agent told of its node; empty before it did. */
  Optional<PluginConfig.Node> node() {
    return node;
  }

  @Override
  public void pluginInfo(PluginInfoRequest request, StreamObserver<PluginInfoResponse> observer) {
    Calls.answer(
        "PluginInfo",
        observer,
        () -> {
          DriverInfo info = driver.info();
          return PluginInfoResponse.newBuilder()
              .setType(PluginType.DRIVER)
              .addPluginApiVersions(API_VERSION)
              .setPluginVersion(info.version())
              .setName(info.name())
              .build();
        });
  }

  @Override
  public void configSchema(
      ConfigSchemaRequest request, StreamObserver<ConfigSchemaResponse> observer) {
    Calls.answer(
        "ConfigSchema",
        observer,
        () -> ConfigSchemaResponse.newBuilder().setSpec(schema.message()).build());
  }

  @Override
  public void setConfig(SetConfigRequest request, StreamObserver<SetConfigResponse> observer) {
    Calls.answer(
        "SetConfig",
        observer,
        () -> {
          try {
            configure(request);
          } catch (DriverException refused) {
            // In the words of plugins in Go, which operators search for.
            throw new DriverException("SetConfig failed: " + refused.getMessage(), refused);
          }
          return SetConfigResponse.getDefaultInstance();
        });
  }

  private void configure(SetConfigRequest request) throws DriverException, InterruptedException {
    Optional<PluginConfig.Node> told =
        request.hasNomadConfig()
            ? Optional.of(node(request.getNomadConfig().getDriver()))
            : Optional.empty();
    driver.configure(
        new PluginConfig(
            DriverService.config(
                "the plugin's config", schema.schema(), request.getMsgpackConfig()),
            told));
    if (told.isPresent()) {
      node = told;
    }
  }

  private static PluginConfig.Node node(NomadDriverConfig config) {
    ClientTopology topology = config.getTopology();
    List<ClientTopologyCore> cores =
        topology.getCoresList().stream().filter(core -> !core.getDisable()).toList();
    return new PluginConfig.Node(
        config.getClientMinPort(),
        config.getClientMaxPort(),
        cores.size(),
        topology.getOverrideTotalCompute() > 0
            ? topology.getOverrideTotalCompute()
            : cores.stream().mapToLong(BaseService::megahertz).sum());
  }

  /** What the agent reckons with: what it was told, else what it measured, else what it guessed. */
  private static long megahertz(ClientTopologyCore core) {
    if (core.getMaxSpeed() > 0) {
      return core.getMaxSpeed();
    }
    return core.getBaseSpeed() > 0 ? core.getBaseSpeed() : core.getGuessSpeed();
  }
}
