/** Destinations outside the program, and the guard in front of the network. */
@NullMarked
package dev.indelible.server.deliver;

import org.jspecify.annotations.NullMarked;
