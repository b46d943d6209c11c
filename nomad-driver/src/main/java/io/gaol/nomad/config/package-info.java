/**
 * A driver's {@code config} as a Nomad agent reads it: a {@link io.gaol.nomad.config.Schema} says
 * what may be in it, {@link io.gaol.nomad.config.ConfigDecoder} checks a config against it and
 * converts its values. What an agent refuses is refused, in the agent's words and with its place.
 */
package io.gaol.nomad.config;
