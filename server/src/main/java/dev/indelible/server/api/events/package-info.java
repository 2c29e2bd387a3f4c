/** TODO. */
@NullMarked
package dev.indelible.server.api.events;

import org.jspecify.annotations.NullMarked;
