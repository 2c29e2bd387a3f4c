/**
 * Streams of entries to other systems: what each has sent is in a ledger of its own, which is
 * durable before a stream goes on.
 */
@NullMarked
package dev.indelible.server.stream;

import org.jspecify.annotations.NullMarked;
