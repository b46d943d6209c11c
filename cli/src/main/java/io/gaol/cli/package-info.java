/** The {@code gaol} command. */
package io.gaol.cli;
