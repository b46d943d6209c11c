package io.gaol.nomad;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.gaol.nomad.config.ConfigType;
import io.gaol.nomad.config.Schema;
import io.gaol.nomad.proto.base.ClientTopology;
import io.gaol.nomad.proto.base.ClientTopologyCore;
import io.gaol.nomad.proto.base.ConfigSchemaRequest;
import io.gaol.nomad.proto.base.NomadConfig;
import io.gaol.nomad.proto.base.NomadDriverConfig;
import io.gaol.nomad.proto.base.PluginInfoRequest;
import io.gaol.nomad.proto.base.PluginInfoResponse;
import io.gaol.nomad.proto.base.PluginType;
import io.gaol.nomad.proto.base.SetConfigRequest;
import io.gaol.nomad.wire.Packer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class BaseServiceTest {
  private final List<PluginConfig> configs = new CopyOnWriteArrayList<>();

  private final TaskDriver configured =
      new ExampleDriver() {
        @Override
        public Schema.Fields configSchema() {
          return new Schema.Fields(
              Map.of("limit", new Schema.Attr("limit", ConfigType.number(), false)));
        }

        @Override
        public void configure(PluginConfig config) throws DriverException {
          configs.add(config);
          if (((BigDecimal) config.config().get("limit")).signum() == 0) {
            throw new DriverException("the limit must not be 0");
          }
        }
      };

  private static SetConfigRequest.Builder limit(Object limit) {
    return SetConfigRequest.newBuilder()
        .setMsgpackConfig(ByteString.copyFrom(Packer.pack(Map.of("limit", limit))))
        .setPluginApiVersion("v0.1.0");
  }

  @Test
  void aPluginIsADriverWithNameAndVersion() throws Exception {
    try (Plugin plugin = Plugin.of(configured)) {
      PluginInfoResponse info = plugin.base().pluginInfo(PluginInfoRequest.getDefaultInstance());
      assertThat(info.getType()).isEqualTo(PluginType.DRIVER);
      assertThat(info.getPluginApiVersionsList()).containsExactly("v0.1.0");
      assertThat(info.getName()).isEqualTo("example");
      assertThat(info.getPluginVersion()).isEqualTo("0.1.0");
    }
  }

  @Test
  void theRootOfTheConfigsSchemaIsAnObjectEvenIfThereIsNothingInIt() throws Exception {
    try (Plugin plugin = Plugin.of(new ExampleDriver());
        Plugin other = Plugin.of(configured)) {
      assertThat(
              plugin
                  .base()
                  .configSchema(ConfigSchemaRequest.getDefaultInstance())
                  .getSpec()
                  .hasObject())
          .isTrue();
      assertThat(
              other
                  .base()
                  .configSchema(ConfigSchemaRequest.getDefaultInstance())
                  .getSpec()
                  .getObject()
                  .getAttributesOrThrow("limit")
                  .getAttr()
                  .getType())
          .isEqualTo("number");
    }
  }

  @Test
  void theConfigIsTakenTwiceWhileItIsOnlyLookedAt() throws Exception {
    try (Plugin plugin = Plugin.of(configured)) {
      var _ = plugin.base().setConfig(limit(5).build());
      var _ = plugin.base().setConfig(limit(5).build());
    }
    assertThat(configs).hasSize(2).allMatch(PluginConfig::validation);
    assertThat(configs.getFirst().config()).containsEntry("limit", BigDecimal.valueOf(5));
  }

  @Test
  void theNodesPortsAndProcessorsReachTheDriverWithoutThoseThatAreDisabled() throws Exception {
    ClientTopologyCore core = ClientTopologyCore.newBuilder().setBaseSpeed(2000).build();
    NomadDriverConfig node =
        NomadDriverConfig.newBuilder()
            .setClientMinPort(14_000)
            .setClientMaxPort(14_512)
            .setTopology(
                ClientTopology.newBuilder()
                    .addCores(core)
                    .addCores(core.toBuilder().setMaxSpeed(3000))
                    .addCores(core.toBuilder().setDisable(true)))
            .build();
    try (Plugin plugin = Plugin.of(configured)) {
      var _ =
          plugin
              .base()
              .setConfig(limit(5).setNomadConfig(NomadConfig.newBuilder().setDriver(node)).build());
    }
    assertThat(configs.getFirst().node()).contains(new PluginConfig.Node(14_000, 14_512, 2, 5000));
  }

  @Test
  void aNodeOfAnAgentBeforeTopologiesHasNoProcessors() throws Exception {
    try (Plugin plugin = Plugin.of(configured)) {
      var _ =
          plugin
              .base()
              .setConfig(limit(5).setNomadConfig(NomadConfig.getDefaultInstance()).build());
    }
    assertThat(configs.getFirst().node()).contains(new PluginConfig.Node(0, 0, 0, 0));
  }

  @Test
  void aConfigThatTheDriverRefusesSaysSoAsPluginsInGoDo() throws Exception {
    try (Plugin plugin = Plugin.of(configured)) {
      StatusRuntimeException refused =
          Plugin.failure(() -> plugin.base().setConfig(limit(0).build()));
      assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNKNOWN);
      assertThat(refused.getStatus().getDescription())
          .isEqualTo("SetConfig failed: the limit must not be 0");
    }
  }

  @Test
  void aConfigOfAnotherTypeIsRefusedWithItsPlace() throws Exception {
    try (Plugin plugin = Plugin.of(configured)) {
      StatusRuntimeException refused =
          Plugin.failure(() -> plugin.base().setConfig(limit(true).build()));
      assertThat(refused.getStatus().getDescription())
          .isEqualTo(
              "SetConfig failed: the plugin's config: limit: a number is expected, but there is a"
                  + " boolean");
    }
    assertThat(configs).isEmpty();
  }

  @Test
  void afterSixtyFourMebibytesOfGarbageTheNextConfigIsTaken() throws Exception {
    byte[] garbage = new byte[64 << 20];
    java.util.Arrays.fill(garbage, (byte) 0xdd);
    try (Plugin plugin = Plugin.of(configured)) {
      StatusRuntimeException refused =
          Plugin.failure(
              () ->
                  plugin
                      .base()
                      .setConfig(
                          SetConfigRequest.newBuilder()
                              .setMsgpackConfig(ByteString.copyFrom(garbage))
                              .build()));
      assertThat(refused.getStatus().getDescription()).contains("67108864 bytes");
      var _ = plugin.base().setConfig(limit(5).build());
    }
    assertThat(configs).hasSize(1);
  }
}
