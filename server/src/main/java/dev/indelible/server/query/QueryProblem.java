package dev.indelible.server.query;

/**
 * Reason why a query cannot be understood, and its position.
 *
 * @param column the first character concerned, counted from 1 in code points; one behind the last
 *     when something is missing at the end
 * @param length how many code points are concerned, at least 1
 * @param message the problem, for people
 * @param hint a suggestion, or an empty text
 */
public record QueryProblem(int column, int length, String message, String hint)
    implements ParsedQuery {}
