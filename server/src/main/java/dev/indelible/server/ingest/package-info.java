/** The way in: validate, bound, classify, append. */
@NullMarked
package dev.indelible.server.ingest;

import org.jspecify.annotations.NullMarked;
