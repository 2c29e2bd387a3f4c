/** The journal port: the durable, ordered input of everything else. */
@NullMarked
package dev.indelible.ports.journal;

import org.jspecify.annotations.NullMarked;
