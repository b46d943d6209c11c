package io.gaol.hcl;

/**
 * {@code name = expression}.
 *
 * @param name the name
 * @param nameRange where the name stands
 * @param expression its value, not evaluated yet
 * @param range the whole definition
 */
public record Attribute(
    String name, SourceRange nameRange, Expression expression, SourceRange range) {}
