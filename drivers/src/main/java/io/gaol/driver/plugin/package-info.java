/** The task drivers as plugins of a Nomad agent: from its calls to the engine's. */
package io.gaol.driver.plugin;
