package io.gaol.goplugin;

import java.io.IOException;

/** Makes connections to one place. */
@FunctionalInterface
interface Dialer {
  /**
   * A new connection.
   *
   * @throws IOException if nobody answers there
   */
  Connection dial() throws IOException;
}
