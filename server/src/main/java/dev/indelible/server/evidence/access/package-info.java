/** Reviews of who had access as of a date, made from the entries of a log. */
@NullMarked
package dev.indelible.server.evidence.access;

import org.jspecify.annotations.NullMarked;
