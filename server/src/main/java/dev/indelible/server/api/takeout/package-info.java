/** Routes of exports that are made in the background. */
@NullMarked
package dev.indelible.server.api.takeout;

import org.jspecify.annotations.NullMarked;
