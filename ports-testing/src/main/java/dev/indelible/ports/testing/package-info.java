/** Contracts that every adapter of a port passes, and the adapters in memory, for tests. */
@NullMarked
package dev.indelible.ports.testing;

import org.jspecify.annotations.NullMarked;
