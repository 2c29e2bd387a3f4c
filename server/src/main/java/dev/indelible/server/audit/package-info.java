/** Checks a data directory without a server, and without changing anything in it. */
@NullMarked
package dev.indelible.server.audit;

import org.jspecify.annotations.NullMarked;
