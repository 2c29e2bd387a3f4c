/** Where events to be sent come from: files, standard input, git; JSON arrays, NDJSON, gzip. */
@NullMarked
package dev.indelible.cli.source;

import org.jspecify.annotations.NullMarked;
