/** Runs: sealed, immutable, tenant-sorted files of entries. */
@NullMarked
package dev.indelible.server.run;

import org.jspecify.annotations.NullMarked;
