/** The server: configuration, explicit wiring, start in order and stop in reverse. */
@NullMarked
package dev.indelible.server;

import org.jspecify.annotations.NullMarked;
