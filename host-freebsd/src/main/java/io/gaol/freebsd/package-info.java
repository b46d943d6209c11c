/** Plans and probes for FreeBSD: jails of the kernel, made by jail(8). */
package io.gaol.freebsd;
