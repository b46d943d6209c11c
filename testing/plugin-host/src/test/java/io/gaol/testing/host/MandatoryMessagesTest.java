package io.gaol.testing.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import io.gaol.nomad.proto.base.PluginInfoResponse;
import io.gaol.nomad.proto.driver.CapabilitiesResponse;
import io.gaol.nomad.proto.driver.DriverTaskEvent;
import io.gaol.nomad.proto.driver.ExecTaskResponse;
import io.gaol.nomad.proto.driver.ExecTaskStreamingResponse;
import io.gaol.nomad.proto.driver.ExitResult;
import io.gaol.nomad.proto.driver.InspectTaskResponse;
import io.gaol.nomad.proto.driver.StartTaskResponse;
import io.gaol.nomad.proto.driver.StopTaskResponse;
import io.gaol.nomad.proto.driver.TaskConfig;
import io.gaol.nomad.proto.driver.TaskConfigSchemaResponse;
import io.gaol.nomad.proto.driver.TaskHandle;
import io.gaol.nomad.proto.driver.TaskResourceUsage;
import io.gaol.nomad.proto.driver.TaskStats;
import io.gaol.nomad.proto.driver.TaskStatsResponse;
import io.gaol.nomad.proto.driver.WaitTaskResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MandatoryMessagesTest {

  static Stream<Message> emptyResponses() {
    return Stream.of(
        PluginInfoResponse.getDefaultInstance(),
        TaskConfigSchemaResponse.getDefaultInstance(),
        CapabilitiesResponse.getDefaultInstance(),
        StartTaskResponse.getDefaultInstance(),
        WaitTaskResponse.getDefaultInstance(),
        InspectTaskResponse.getDefaultInstance(),
        TaskStatsResponse.getDefaultInstance(),
        ExecTaskResponse.getDefaultInstance(),
        DriverTaskEvent.getDefaultInstance());
  }

  @ParameterizedTest
  @MethodSource("emptyResponses")
  void anEmptyResponseLacksWhatAnAgentCannotDoWithout(Message response) {
    assertThat(MandatoryMessages.missingIn(response)).isNotEmpty();
  }

  @Test
  void aResponseThatCanBeEmptyLacksNothing() {
    assertThat(MandatoryMessages.missingIn(StopTaskResponse.getDefaultInstance())).isEmpty();
  }

  @Test
  void aFullResponseLacksNothing() {
    assertThat(
            MandatoryMessages.missingIn(
                WaitTaskResponse.newBuilder().setResult(ExitResult.getDefaultInstance()).build()))
        .isEmpty();
    assertThat(
            MandatoryMessages.missingIn(
                StartTaskResponse.newBuilder()
                    .setHandle(
                        TaskHandle.newBuilder()
                            .setVersion(1)
                            .setConfig(TaskConfig.newBuilder().setId("i"))
                            .setDriverState(ByteString.copyFromUtf8("s")))
                    .build()))
        .isEmpty();
  }

  @Test
  void statisticsWithoutTheirTimeLackIt() {
    assertThat(
            MandatoryMessages.missingIn(
                TaskStatsResponse.newBuilder()
                    .setStats(
                        TaskStats.newBuilder()
                            .setAggResourceUsage(TaskResourceUsage.getDefaultInstance()))
                    .build()))
        .containsExactly("TaskStats.timestamp");
    assertThat(
            MandatoryMessages.missingIn(
                TaskStatsResponse.newBuilder()
                    .setStats(
                        TaskStats.newBuilder()
                            .setTimestamp(Timestamp.getDefaultInstance())
                            .setAggResourceUsage(TaskResourceUsage.getDefaultInstance()))
                    .build()))
        .isEmpty();
  }

  @Test
  void aStreamTellsAResultWithItsEndAndOnlyThen() {
    assertThat(
            MandatoryMessages.missingIn(
                ExecTaskStreamingResponse.newBuilder().setExited(true).build()))
        .isNotEmpty();
    assertThat(MandatoryMessages.missingIn(ExecTaskStreamingResponse.getDefaultInstance()))
        .isEmpty();
  }
}
