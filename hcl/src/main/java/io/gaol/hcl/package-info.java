/**
 * HCL 2 for the JVM: parse, evaluate and format, with a position in every error. Knows no Nomad.
 *
 * <p>{@link io.gaol.hcl.Hcl} reads a text into a {@link io.gaol.hcl.Body} of attributes and blocks;
 * an attribute's {@link io.gaol.hcl.Expression} is evaluated in a {@link io.gaol.hcl.Scope} to a
 * {@link io.gaol.hcl.Value}. What is wrong is an {@link io.gaol.hcl.HclException}.
 *
 * <p>In JSON, who reads a body says what in it is a block: {@link io.gaol.hcl.Json} and {@link
 * io.gaol.hcl.Schema}. What comes out is the same.
 *
 * <p>The native syntax is read as HashiCorp's specification says, and where that is silent or its
 * grammar and its implementation differ, as the implementation does: the same text must mean the
 * same to Nomad.
 */
package io.gaol.hcl;
