/** The log of who looked at the log. */
@NullMarked
package dev.indelible.server.trail;

import org.jspecify.annotations.NullMarked;
