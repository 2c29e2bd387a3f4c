/** Documents that people print or file. */
@NullMarked
package dev.indelible.server.print;

import org.jspecify.annotations.NullMarked;
