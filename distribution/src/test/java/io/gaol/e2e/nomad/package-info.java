/**
 * Gaol's plugin in a Nomad agent as it is released: what its operator and the authors of jobs see.
 */
package io.gaol.e2e.nomad;
