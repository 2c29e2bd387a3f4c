/** Sources of events to be sent: files, standard input, git; JSON arrays, NDJSON, gzip. */
@NullMarked
package dev.indelible.cli.source;

import org.jspecify.annotations.NullMarked;
