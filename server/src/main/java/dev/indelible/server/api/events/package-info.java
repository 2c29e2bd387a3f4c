/** Routes that record, search, show and export entries, and that prove logs. */
@NullMarked
package dev.indelible.server.api.events;

import org.jspecify.annotations.NullMarked;
