/** TODO. */
@NullMarked
package dev.indelible.server.api.caller;

import org.jspecify.annotations.NullMarked;
