package io.gaol.cli.artifact;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where an artifact comes from and goes to. All paths are absolute, on the host.
 *
 * @param jobFolder what relative sources are relative to
 * @param scratch a directory that no task sees, for what is half done: the allocation's
 * @param taskDirectory what destinations are relative to, and must stay in
 * @param sharedDirectory what tasks know as {@code /alloc}: a destination may be there too
 * @param owner the task's user, for artifacts with {@code chown}; without one they stay root's
 */
public record ArtifactPlaces(
    Path jobFolder,
    Path scratch,
    Path taskDirectory,
    Path sharedDirectory,
    Optional<FileOwner> owner) {}
