/** The control log and the configuration that is its fold. */
@NullMarked
package dev.indelible.server.control;

import org.jspecify.annotations.NullMarked;
