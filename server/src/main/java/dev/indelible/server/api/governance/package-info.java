/** TODO. */
@NullMarked
package dev.indelible.server.api.governance;

import org.jspecify.annotations.NullMarked;
