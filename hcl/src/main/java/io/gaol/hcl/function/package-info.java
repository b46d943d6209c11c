/**
 * The functions that HCL languages usually offer: {@link
 * io.gaol.hcl.function.StandardFunctions#all()} needs nothing of the machine, {@link
 * io.gaol.hcl.function.FileFunctions} reads files below a directory.
 *
 * <p>What a function gives, and where it is an error, is as in the reference implementation. A
 * function whose argument is unknown gives an unknown value, unless its definition says more.
 */
package io.gaol.hcl.function;
