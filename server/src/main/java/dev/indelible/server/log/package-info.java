/** The log: sequence numbers, duplicates, Merkle trees, sealing. */
@NullMarked
package dev.indelible.server.log;

import org.jspecify.annotations.NullMarked;
