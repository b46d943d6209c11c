/** jail.conf(5): what jail(8) reads, and text that it reads back. */
package io.gaol.jail.conf;
