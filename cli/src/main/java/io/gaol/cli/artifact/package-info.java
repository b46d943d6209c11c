/**
 * Nomad's {@code artifact} block: fetches files, archives and directories into a task's directory.
 * {@link io.gaol.cli.artifact.ArtifactFetcher} is the entry.
 */
package io.gaol.cli.artifact;
