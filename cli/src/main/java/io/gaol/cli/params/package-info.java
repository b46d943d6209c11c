/** What the catalogue of jail(8)'s parameters says, for people and for programs. */
package io.gaol.cli.params;
