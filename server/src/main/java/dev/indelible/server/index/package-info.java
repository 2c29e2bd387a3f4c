/** The event index: search, facets and histogram over entries. */
@NullMarked
package dev.indelible.server.index;

import org.jspecify.annotations.NullMarked;
