package dev.indelible.server.api.caller;

import dev.indelible.server.index.FacetField;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Tells figures that list who or where somebody is from those that say how many there are (ADR
 * 0019).
 */
public final class ListedNames {

  /** Fields whose values are people, places, accounts and keys, and no words of the program's. */
  private static final Set<FacetField> OF_NAMES =
      Set.of(FacetField.ACTOR_ID, FacetField.ACCOUNT, FacetField.COUNTRY, FacetField.RECORDED_BY);

  /**
   * One list.
   *
   * @param fields what is listed
   * @param filter among which entries, as it is recorded
   */
  public record Listing(List<FacetField> fields, String filter) {
    public Listing {
      fields = List.copyOf(fields);
    }
  }

  /** The lists of the console's overview: of a week at least, so of nobody who did one thing. */
  private static final Set<Listing> OF_OVERVIEW =
      Set.of(
          new Listing(List.of(FacetField.ACTOR_ID), AccessRecording.WITHOUT_READS + " from:-7d"),
          new Listing(List.of(FacetField.COUNTRY), "verb:login outcome:success from:-30d"),
          new Listing(List.of(FacetField.COUNTRY), "from:-14d"),
          new Listing(List.of(FacetField.COUNTRY), "from:-90d to:-14d"));

  private ListedNames() {}

  /** Whether values of these fields name somebody. */
  public static boolean in(Collection<FacetField> fields) {
    return fields.stream().anyMatch(OF_NAMES::contains);
  }

  /** Whether it is a list of the overview. */
  public static boolean isOfOverview(Listing listing) {
    return OF_OVERVIEW.contains(listing);
  }
}
