package io.gaol.nomad;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TailTest {
  @Test
  void whateverThePartsTheLastOfThemIsKept() {
    Random random = new Random(5);
    for (int round = 0; round < 50; round++) {
      byte[] all = new byte[random.nextInt(4 * Tail.KEPT)];
      random.nextBytes(all);
      Tail tail = new Tail();
      for (int done = 0; done < all.length; ) {
        int part = Math.min(all.length - done, 1 + random.nextInt(2 * Tail.KEPT));
        if (part == 1) {
          tail.write(all[done]);
        } else {
          tail.write(all, done, part);
        }
        done += part;
      }
      assertThat(tail.kept().toByteArray())
          .isEqualTo(Arrays.copyOfRange(all, Math.max(0, all.length - Tail.KEPT), all.length));
    }
  }
}
