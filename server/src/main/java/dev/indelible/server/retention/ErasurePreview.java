package dev.indelible.server.retention;

import java.util.List;

/**
 * Result of searching for the entries that an erasure concerns.
 *
 * @param entries how many entries' personal parts would be erased now
 * @param asActor in how many of all that were found the person acted, or somebody acted for them
 * @param asTarget in how many of all that were found something was done to the person
 * @param deferred how many legal holds keep
 * @param withoutPersonal how many have no personal part, or none any more
 * @param asSearched in how many others somebody looked for the person in the log
 * @param keptForAuthor how many stay because the catalog keeps them for whoever wrote them
 * @param acted actors of the entries to erase, where their ids go along with them
 * @param ranges the entries to erase; the first of them when there are too many for one deletion
 * @param complete whether {@code ranges} has all of them
 * @param staying texts that name the person and stay
 */
public record ErasurePreview(
    long entries,
    long asActor,
    long asTarget,
    long deferred,
    long withoutPersonal,
    long asSearched,
    long keptForAuthor,
    List<Acted> acted,
    SeqRanges ranges,
    boolean complete,
    StayingTexts staying) {

  public ErasurePreview {
    acted = List.copyOf(acted);
  }
}
