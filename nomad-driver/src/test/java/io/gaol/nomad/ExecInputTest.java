package io.gaol.nomad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ExecInputTest {
  private final AtomicInteger asked = new AtomicInteger();
  private final ExecInput input = new ExecInput(asked::incrementAndGet);

  @Test
  void theClientIsAskedForMoreOnlyWhenTheCommandHasRead() throws Exception {
    input.take(ByteString.copyFrom(new byte[10]));
    assertThat(asked).hasValue(1);
    input.take(ByteString.copyFrom(new byte[100_000]));
    assertThat(asked).as("there is no room").hasValue(1);
    assertThat(input.readNBytes(100_010)).hasSize(100_010);
    assertThat(asked).as("there is room again").hasValue(2);
    input.take(ByteString.EMPTY);
    assertThat(asked).as("a heartbeat").hasValue(3);
  }

  @Test
  void whatIsThereIsReadBeforeTheEnd() throws Exception {
    input.take(ByteString.copyFromUtf8("ab"));
    input.end();
    assertThat(input.available()).isEqualTo(2);
    assertThat(input.read()).isEqualTo('a');
    assertThat(input.readAllBytes()).containsExactly('b');
    assertThat(input.read()).isEqualTo(-1);
  }

  @Test
  void ofAClientThatHasGoneNothingIsRead() {
    input.take(ByteString.copyFromUtf8("ab"));
    input.abandon();
    assertThatThrownBy(input::read).isInstanceOf(IOException.class).hasMessageContaining("gone");
  }
}
