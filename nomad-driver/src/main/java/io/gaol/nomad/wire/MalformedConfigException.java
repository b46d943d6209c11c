package io.gaol.nomad.wire;

import java.io.Serial;

/** The bytes of a config are not of its schema. The message names the place in the config. */
public final class MalformedConfigException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  MalformedConfigException(String place, String problem) {
    super(place.isEmpty() ? problem : place + ": " + problem);
  }
}
