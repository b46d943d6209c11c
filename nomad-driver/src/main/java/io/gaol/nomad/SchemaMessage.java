package io.gaol.nomad;

import io.gaol.nomad.config.Schema;
import io.gaol.nomad.proto.hclspec.Spec;
import io.gaol.nomad.wire.Specs;
import java.util.function.Supplier;

/**
 * A schema of a driver's, and the message of it that an agent is told. Both are made when they are
 * wanted first: a process of a plugin that an agent only looks at may never be asked, and making
 * them takes a good part of its start.
 */
final class SchemaMessage {
  private final Supplier<Schema.Fields> source;
  private Schema.Fields schema;
  private Spec message;

  SchemaMessage(Supplier<Schema.Fields> source) {
    this.source = source;
  }

  synchronized Schema.Fields schema() {
    if (schema == null) {
      schema = source.get();
    }
    return schema;
  }

  /**
   * The message.
   *
   * @throws IllegalArgumentException if an agent cannot take the schema
   */
  synchronized Spec message() {
    if (message == null) {
      message = Specs.of(schema());
    }
    return message;
  }
}
