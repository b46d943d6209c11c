/**
 * HCL 2 for the JVM: parse and evaluate, with a position in every error. Knows no Nomad.
 *
 * <p>{@link io.gaol.hcl.Hcl} reads a text into a {@link io.gaol.hcl.Body} of attributes and blocks;
 * an attribute's {@link io.gaol.hcl.Expression} is evaluated in a {@link io.gaol.hcl.Scope} to a
 * {@link io.gaol.hcl.Value}. What is wrong is an {@link io.gaol.hcl.HclException}.
 *
 * <p>The native syntax is read as HashiCorp's specification says, and where that is silent or its
 * grammar and its implementation differ, as the implementation does: the same text must mean the
 * same to Nomad.
 */
package io.gaol.hcl;
