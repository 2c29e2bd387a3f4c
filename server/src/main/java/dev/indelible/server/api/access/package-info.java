/** TODO. */
@NullMarked
package dev.indelible.server.api.access;

import org.jspecify.annotations.NullMarked;
