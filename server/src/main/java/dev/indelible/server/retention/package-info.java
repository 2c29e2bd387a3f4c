/** Retention of entries: retention settings, purges, legal holds, erasures. */
@NullMarked
package dev.indelible.server.retention;

import org.jspecify.annotations.NullMarked;
