/** The blob store in a directory. */
@NullMarked
package dev.indelible.server.blob;

import org.jspecify.annotations.NullMarked;
