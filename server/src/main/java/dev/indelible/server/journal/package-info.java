/** The journal in files, and small state that is kept in a journal. */
@NullMarked
package dev.indelible.server.journal;

import org.jspecify.annotations.NullMarked;
