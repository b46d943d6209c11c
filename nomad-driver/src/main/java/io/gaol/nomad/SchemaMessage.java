package io.gaol.nomad;

import io.gaol.nomad.config.Schema;
import io.gaol.nomad.proto.hclspec.Spec;
import io.gaol.nomad.wire.Specs;

/**
 * A schema, and the message of it that an agent is told, which is made when an agent asks first:
 * most processes of a plugin are never asked, and making it takes a good part of their start.
 */
final class SchemaMessage {
  private final Schema.Fields schema;
  private Spec message;

  SchemaMessage(Schema.Fields schema) {
    this.schema = schema;
  }

  Schema.Fields schema() {
    return schema;
  }

  /**
   * The message.
   *
   * @throws IllegalArgumentException if an agent cannot take the schema
   */
  synchronized Spec message() {
    if (message == null) {
      message = Specs.of(schema);
    }
    return message;
  }
}
