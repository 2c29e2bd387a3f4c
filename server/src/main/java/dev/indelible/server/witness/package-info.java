/** Has checkpoints cosigned by witnesses, and pushes them to where others hold them. */
@NullMarked
package dev.indelible.server.witness;

import org.jspecify.annotations.NullMarked;
