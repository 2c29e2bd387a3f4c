/**
 * The query language: grammar, filter, evaluation, cursors, and the scope every read goes through.
 */
@NullMarked
package dev.indelible.server.query;

import org.jspecify.annotations.NullMarked;
