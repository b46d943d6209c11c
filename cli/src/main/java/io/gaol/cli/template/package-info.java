/**
 * Nomad's {@code template} blocks: the language of Go's text/template with consul-template's
 * functions, as far as they need no server. {@link io.gaol.cli.template.Template} is the entry.
 *
 * <p>Texts within this package are Go's: a {@link String} in which each char stands for one byte of
 * UTF-8, so that lengths, indexes and what is not UTF-8 come out as they do in Go ({@code
 * ByteText}).
 */
package io.gaol.cli.template;
