/** Nomad's job language, and the runner that carries jobs out without Nomad. */
package io.gaol.cli.job;
