/** A witness: cosigns checkpoints of logs that only grow, and remembers what it cosigned. */
@NullMarked
package dev.indelible.cli.witness;

import org.jspecify.annotations.NullMarked;
