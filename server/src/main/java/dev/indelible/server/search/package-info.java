/** The way out: pages, one entry, facets, histogram, tail. */
@NullMarked
package dev.indelible.server.search;

import org.jspecify.annotations.NullMarked;
