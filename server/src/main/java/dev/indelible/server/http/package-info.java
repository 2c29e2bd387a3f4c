/** The HTTP API: routes, error mapping; the only place that knows the HTTP library. */
@NullMarked
package dev.indelible.server.http;

import org.jspecify.annotations.NullMarked;
