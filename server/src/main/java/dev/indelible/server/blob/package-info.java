/** The blob store: immutable named bytes, and small state that is compared and set. */
@NullMarked
package dev.indelible.server.blob;

import org.jspecify.annotations.NullMarked;
