/** A HashiCorp go-plugin server for the JVM. */
package io.gaol.goplugin;
