/** Sending: records become events with ids, events become batches, batches become answers. */
@NullMarked
package dev.indelible.cli.send;

import org.jspecify.annotations.NullMarked;
