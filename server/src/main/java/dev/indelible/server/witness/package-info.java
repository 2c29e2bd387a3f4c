/** Cosigning of checkpoints by witnesses, and pushing them to where others hold them. */
@NullMarked
package dev.indelible.server.witness;

import org.jspecify.annotations.NullMarked;
