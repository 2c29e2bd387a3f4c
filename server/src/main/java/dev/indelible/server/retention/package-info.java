/** How long entries are kept: retention, purges, legal holds, erasures. */
@NullMarked
package dev.indelible.server.retention;

import org.jspecify.annotations.NullMarked;
