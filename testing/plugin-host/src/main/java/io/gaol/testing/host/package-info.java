/** Launches a plugin as a Nomad agent does: for tests and benches, never shipped. */
package io.gaol.testing.host;
