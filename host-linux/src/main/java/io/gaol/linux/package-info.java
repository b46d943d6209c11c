/** Plans and probes for Linux: a jail becomes an OCI container that crun(1) runs. */
package io.gaol.linux;
