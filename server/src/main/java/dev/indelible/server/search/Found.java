package dev.indelible.server.search;

import dev.indelible.server.event.Entry;

/**
 * An entry that somebody asked for.
 *
 * @param shown as they may see it
 * @param stored all that is stored of it: what keeps it, such as a hold by a name, is decided by
 *     this, whoever asks
 * @param personal whether they may see what is personal, and so also by which name it is kept
 */
public record Found(Entry shown, Entry stored, boolean personal) {}
