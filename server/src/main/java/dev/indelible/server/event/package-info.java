/** Event and entry: what callers send, what is recorded, its JSON form and its limits. */
@NullMarked
package dev.indelible.server.event;

import org.jspecify.annotations.NullMarked;
