package io.gaol.driver.plugin;

import io.gaol.engine.LinklessPath;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The FIFOs of a task, kept open. Who reads one finds its end when the last who has it open goes,
 * and then reads no more: an agent's {@code logmon} does not open it again for the same start.
 */
final class HeldStreams implements AutoCloseable {
  private final List<ByteChannel> channels = new ArrayList<>();

  private HeldStreams() {}

  /** Holds those that are FIFOs. */
  static HeldStreams of(List<LinklessPath> fifos) {
    HeldStreams held = new HeldStreams();
    for (LinklessPath fifo : fifos) {
      try {
        Optional<ByteChannel> channel = fifo.openFifo();
        channel.ifPresent(held.channels::add);
      } catch (IOException gone) {
        // Then nobody reads it.
      }
    }
    return held;
  }

  @Override
  public void close() {
    for (ByteChannel channel : channels) {
      try {
        channel.close();
      } catch (IOException closed) {
        // It is.
      }
    }
  }
}
