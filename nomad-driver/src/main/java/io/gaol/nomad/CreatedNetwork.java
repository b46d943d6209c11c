package io.gaol.nomad;

/**
 * A network of an allocation.
 *
 * @param network what it is
 * @param created whether it was made now
 */
public record CreatedNetwork(NetworkIsolation network, boolean created) {}
