/**
 * Reviews of who had access as of a date, folded from the entries of a log: the server makes them,
 * and auditors make them again from an export.
 */
@NullMarked
package dev.indelible.verify.access;

import org.jspecify.annotations.NullMarked;
