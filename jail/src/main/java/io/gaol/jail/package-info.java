/**
 * The model of a jail: what was asked for, in jail(8)'s terms. Pure: no I/O, no clock, no process.
 */
package io.gaol.jail;
