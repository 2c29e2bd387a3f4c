package dev.indelible.server.retention;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Report on a person in a tenant's log: how many entries of which kind, and what has been or could
 * be erased of them. It has names of fields and no values.
 *
 * @param entries in how many entries the person acted or something was done to them
 * @param asActor in how many of them the person acted, or somebody acted for them
 * @param asTarget in how many of them something was done to the person
 * @param asSearched how many others record that somebody looked for the person in the log
 * @param first when the first of all these was recorded, or null without any
 * @param last when the last was
 * @param categories their categories, the most frequent first
 * @param actions their actions, likewise
 * @param accounts their accounts, likewise; entries without one are not in it
 * @param personalFields the fields of their personal parts, likewise; of everybody in those entries
 * @param personal how many have a personal part
 * @param erased how many had one that is erased
 * @param held how many of those with one legal holds keep from being erased
 * @param holds the ids of these holds and how many entries each keeps
 * @param heldIds the ids of the first entries that are held, {@link #MAX_HELD_IDS} at most
 * @param requests the ids of open requests for erasure that name one of the identifiers
 * @param complete whether the lists have all names; at most {@link #MAX_NAMES} each
 */
public record SubjectReport(
    long entries,
    long asActor,
    long asTarget,
    long asSearched,
    @Nullable Instant first,
    @Nullable Instant last,
    List<Count> categories,
    List<Count> actions,
    List<Count> accounts,
    List<Count> personalFields,
    long personal,
    long erased,
    long held,
    List<Count> holds,
    List<String> heldIds,
    List<String> requests,
    boolean complete) {

  /** The most names in a list. */
  public static final int MAX_NAMES = 1_000;

  /** The most ids of held entries. */
  public static final int MAX_HELD_IDS = 100;

  public SubjectReport {
    categories = List.copyOf(categories);
    actions = List.copyOf(actions);
    accounts = List.copyOf(accounts);
    personalFields = List.copyOf(personalFields);
    holds = List.copyOf(holds);
    heldIds = List.copyOf(heldIds);
    requests = List.copyOf(requests);
  }

  /**
   * Entries of one kind.
   *
   * @param name the kind
   * @param entries how many
   */
  public record Count(String name, long entries) {}
}
