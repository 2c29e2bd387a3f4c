/** TODO. */
@NullMarked
package dev.indelible.server.api;

import org.jspecify.annotations.NullMarked;
