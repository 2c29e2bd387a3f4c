/** Comparison of a receiver's entries with a stream's ledger and the log. */
@NullMarked
package dev.indelible.cli.reconcile;

import org.jspecify.annotations.NullMarked;
