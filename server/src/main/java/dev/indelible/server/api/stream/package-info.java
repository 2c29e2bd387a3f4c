/** Routes of streams to other systems. */
@NullMarked
package dev.indelible.server.api.stream;

import org.jspecify.annotations.NullMarked;
