/** Turns jail.conf into Nomad jobs, and Nomad jobs into jail.conf. */
package io.gaol.cli.convert;
