/** The file operations that durable formats are built on, so that tests can fail each of them. */
@NullMarked
package dev.indelible.server.disk;

import org.jspecify.annotations.NullMarked;
