package io.gaol.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootTimeTest {
  private final AtomicLong ahead = new AtomicLong(5_000_000);
  private final BootTime boot = new BootTime(1000, ahead::get);

  @Test
  void theBootMovesWithTheClock() {
    assertThat(boot.now()).isEqualTo(1000);
    ahead.addAndGet(7_200_000);
    assertThat(boot.now()).isEqualTo(8200);
    ahead.addAndGet(-9_000_000);
    assertThat(boot.now()).isEqualTo(-800);
  }

  @Test
  void whatClocksAreReadApartIsNoStep() {
    ahead.addAndGet(400);
    assertThat(boot.now()).isEqualTo(1000);
  }

  @Test
  void theBootIsCalledTheSameByAllWhateverTheClockSays(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("run/gaol/boot");
    assertThat(boot.identity(file)).isEqualTo("1000");
    ahead.addAndGet(60_000);
    assertThat(boot.identity(file)).isEqualTo("1000");
    assertThat(new BootTime(1060, ahead::get).identity(file)).isEqualTo("1000");
    assertThat(file.getParent().toFile().list()).containsExactly("boot");
    // read of sh(1) fails where no line ends.
    assertThat(Files.readString(file)).isEqualTo("1000\n");
  }

  @Test
  void theNextBootIsCalledAnother(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("boot");
    boot.identity(file);
    Files.delete(file);
    assertThat(new BootTime(99_000, ahead::get).identity(file)).isEqualTo("99000");
  }
}
