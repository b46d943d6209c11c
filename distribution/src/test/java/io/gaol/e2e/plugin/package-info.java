/** The plugin, driven over its socket as a Nomad agent drives it. */
package io.gaol.e2e.plugin;
