/** TODO. */
@NullMarked
package dev.indelible.server.takeout;

import org.jspecify.annotations.NullMarked;
