/** HCL 2 for the JVM: parse and evaluate, with a position in every error. Knows no Nomad. */
package io.gaol.hcl;
