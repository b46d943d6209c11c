/** Nomad's driver contract: what a driver implements, and how a Nomad agent reaches it. */
package io.gaol.nomad;
