/** Exports that are made again and again by a calendar, and delivered. */
@NullMarked
package dev.indelible.server.schedule;

import org.jspecify.annotations.NullMarked;
