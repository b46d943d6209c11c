package io.gaol.hcl;

/**
 * A place in a source.
 *
 * @param line the line, counted from 1
 * @param column the column in Unicode code points, counted from 1; a tab is one column
 * @param offset the index into the text, in chars, counted from 0
 */
public record Position(int line, int column, int offset) {}
