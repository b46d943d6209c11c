/** The two task drivers: what a Nomad task's {@code config} asks of a jail. */
package io.gaol.driver;
