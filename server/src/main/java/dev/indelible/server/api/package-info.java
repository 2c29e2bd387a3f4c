/** The HTTP API: every route, and the documents that describe it. */
@NullMarked
package dev.indelible.server.api;

import org.jspecify.annotations.NullMarked;
