/**
 * Nomad's job language: what may stand in a job file, and what a file says once its variables,
 * locals, functions and dynamic blocks are worked out. Knows nothing of how a job is run.
 */
package io.gaol.cli.language;
