package io.gaol.cli.artifact;

/**
 * Whom files belong to.
 *
 * @param uid user number
 * @param gid group number
 */
public record FileOwner(int uid, int gid) {}
