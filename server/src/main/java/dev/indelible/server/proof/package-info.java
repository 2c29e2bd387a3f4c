/** Publishes tenants' logs: keys, checkpoints, tiles, bundles, proofs, and what holds them true. */
@NullMarked
package dev.indelible.server.proof;

import org.jspecify.annotations.NullMarked;
