package io.gaol.goplugin;

import java.io.Closeable;
import java.io.InputStream;
import java.io.OutputStream;

/** A connection between two programs: bytes both ways. Closing it ends both, for both sides. */
interface Connection extends Closeable {
  /** What the other side sent. */
  InputStream input();

  /** What the other side will get. Bytes are sent at once: there is no buffer to flush. */
  OutputStream output();
}
