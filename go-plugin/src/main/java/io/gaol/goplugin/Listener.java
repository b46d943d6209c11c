package io.gaol.goplugin;

import java.io.Closeable;
import java.io.IOException;

/** Where connections come in. Whoever waits in {@link #accept} is let go by closing it. */
interface Listener extends Closeable {
  /**
   * The next connection; waits for it.
   *
   * @throws IOException if there will be no more, for it was closed. A connection that failed is no
   *     reason to stop listening
   */
  Connection accept() throws IOException;
}
