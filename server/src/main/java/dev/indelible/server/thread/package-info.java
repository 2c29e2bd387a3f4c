/** Threads that parts of the server own: started once, woken, and waited for when they stop. */
@NullMarked
package dev.indelible.server.thread;

import org.jspecify.annotations.NullMarked;
