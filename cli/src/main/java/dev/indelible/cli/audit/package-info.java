/** Checks logs wherever they are: in a file, in a data directory, at a server. */
@NullMarked
package dev.indelible.cli.audit;

import org.jspecify.annotations.NullMarked;
