/** The journal: the durable, ordered input of everything else. */
@NullMarked
package dev.indelible.server.journal;

import org.jspecify.annotations.NullMarked;
