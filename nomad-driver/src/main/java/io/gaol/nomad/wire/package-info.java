/**
 * Configs between a Nomad agent and a driver: {@link io.gaol.nomad.wire.Specs} tells an agent what
 * may be in a config, {@link io.gaol.nomad.wire.ConfigReader} reads what the agent made of one.
 */
package io.gaol.nomad.wire;
