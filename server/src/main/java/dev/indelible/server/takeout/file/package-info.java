/** Formats of files that entries leave a log in. */
@NullMarked
package dev.indelible.server.takeout.file;

import org.jspecify.annotations.NullMarked;
