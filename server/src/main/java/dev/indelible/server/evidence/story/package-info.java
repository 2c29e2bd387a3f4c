/** Entries retold: what happened in a session, to a person or an object, and how to undo it. */
@NullMarked
package dev.indelible.server.evidence.story;

import org.jspecify.annotations.NullMarked;
