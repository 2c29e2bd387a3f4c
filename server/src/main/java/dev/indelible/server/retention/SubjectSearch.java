package dev.indelible.server.retention;

import dev.indelible.server.event.Entry;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.query.Field;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.FilterEvaluator;
import dev.indelible.server.query.HashedActors;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.server.search.EntryReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds the entries that are about a person, by reading all of them: the index may be behind, and
 * an erasure must not miss any. Thread-safe.
 */
final class SubjectSearch {

  /** The program's own actions begin so; nobody else may record them. */
  private static final String OWN_ACTIONS = "audit.";

  private final EventLog log;
  private final EntryReader reader;
  private final Selector selector;
  private final Function<TenantId, HashedActors> hashed;

  SubjectSearch(
      EventLog log,
      EntryReader reader,
      Selector selector,
      Function<TenantId, HashedActors> hashed) {
    this.log = log;
    this.reader = reader;
    this.selector = selector;
    this.hashed = hashed;
  }

  /** What a tenant's log holds about a person now, what is erased already included. */
  SubjectTally count(TenantId tenant, List<String> identifiers, List<Holds.Active> holds)
      throws IOException {
    FilterEvaluator actor =
        new FilterEvaluator(
            hashed.apply(tenant).of(filter(identifiers, Field.ACTOR, Field.ON_BEHALF_OF)));
    FilterEvaluator target = new FilterEvaluator(filter(identifiers, Field.TARGET));
    SubjectTally tally = new SubjectTally(holds);
    forEach(tenant, new About(actor, target, identifiers), tally::add);
    return tally;
  }

  /** What there is of a person in a tenant's log now. */
  ErasurePreview find(TenantId tenant, List<String> identifiers, List<Holds.Active> holds)
      throws IOException {
    FilterEvaluator actor = anyOf(identifiers, Field.ACTOR, Field.ON_BEHALF_OF);
    FilterEvaluator target = anyOf(identifiers, Field.TARGET);
    SeqRanges.Builder ranges = new SeqRanges.Builder();
    long[] counts = new long[6];
    forEach(
        tenant,
        new About(actor, target, identifiers),
        (stored, entry, about) -> {
          counts[5] += about.searched() ? 1 : 0;
          counts[1] += about.acted() ? 1 : 0;
          counts[2] += about.suffered() ? 1 : 0;
          if (!hasPersonal(stored)) {
            counts[4]++;
          } else if (holds.stream().anyMatch(hold -> hold.scope().matches(entry))) {
            counts[3]++;
          } else {
            counts[0]++;
            if (ranges.size() <= Selector.MAX_RANGES) {
              ranges.add(stored.seq());
            }
          }
        });
    SeqRanges found = ranges.build();
    boolean complete = found.ranges().size() <= Selector.MAX_RANGES;
    return new ErasurePreview(
        counts[0],
        counts[1],
        counts[2],
        counts[3],
        counts[4],
        counts[5],
        complete ? found : new SeqRanges(found.ranges().subList(0, Selector.MAX_RANGES)),
        complete);
  }

  /** What makes an entry one about the person. */
  private record About(FilterEvaluator actor, FilterEvaluator target, List<String> identifiers) {

    SubjectTally.About of(StoredEntry stored, Entry entry) {
      boolean acted = actor.matches(entry);
      boolean own = entry.event().action().startsWith(OWN_ACTIONS);
      boolean suffered =
          target.matches(entry) || (!acted && !own && isMentioned(stored, identifiers));
      return new SubjectTally.About(
          acted, suffered, !acted && !suffered && isSearchedFor(entry, identifiers));
    }
  }

  /** Is given each entry about the person. */
  private interface Visitor {
    void visit(StoredEntry stored, Entry entry, SubjectTally.About about);
  }

  private void forEach(TenantId tenant, About person, Visitor visitor) throws IOException {
    selector.read(
        tenant,
        0,
        log.size(tenant),
        stored -> {
          Optional<Entry> entry = reader.read(stored);
          if (entry.isEmpty()) {
            return;
          }
          SubjectTally.About about = person.of(stored, entry.get());
          if (about.any()) {
            visitor.visit(stored, entry.get(), about);
          }
        });
  }

  /**
   * Whether the personal part names the person: has one of the identifiers as a whole value, or an
   * e-mail address within a longer one. What the facts hold counts as what they are, since an
   * erasure leaves them.
   */
  static boolean isMentioned(StoredEntry stored, List<String> identifiers) {
    if (!(stored.body() instanceof StoredEntry.Whole(var parts)) || parts.personal() == null) {
      return false;
    }
    return isMentioned(JsonMapper.shared().readTree(parts.personal()), identifiers);
  }

  private static boolean isMentioned(JsonNode value, List<String> identifiers) {
    if (value.isContainer()) {
      return value.valueStream().anyMatch(member -> isMentioned(member, identifiers));
    }
    return value.isString()
        && identifiers.stream().anyMatch(identifier -> names(value.stringValue(), identifier));
  }

  private static boolean names(String value, String identifier) {
    return identifier.indexOf('@') < 0
        ? value.equalsIgnoreCase(identifier)
        : containsWord(value.toLowerCase(Locale.ROOT), identifier.toLowerCase(Locale.ROOT));
  }

  /** Whether it records that somebody looked for the person in the log, by any of these words. */
  static boolean isSearchedFor(Entry entry, List<String> identifiers) {
    ObjectNode details = entry.event().details();
    if (details == null || !entry.event().action().startsWith(OWN_ACTIONS)) {
      return false;
    }
    String filter = details.path("filter").asString("").toLowerCase(Locale.ROOT);
    return identifiers.stream()
        .anyMatch(identifier -> containsWord(filter, identifier.toLowerCase(Locale.ROOT)));
  }

  private static boolean containsWord(String text, String word) {
    for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      int end = at + word.length();
      if ((at == 0 || !isPartOfWord(text.charAt(at - 1)))
          && (end == text.length() || !isPartOfWord(text.charAt(end)))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isPartOfWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-';
  }

  private static boolean hasPersonal(StoredEntry stored) {
    return stored.body() instanceof StoredEntry.Whole(var parts) && parts.personal() != null;
  }

  private static FilterEvaluator anyOf(List<String> identifiers, Field... fields) {
    return new FilterEvaluator(filter(identifiers, fields));
  }

  /** Entries that have one of the identifiers in one of the fields. */
  static Filter filter(List<String> identifiers, Field... fields) {
    List<Filter> alternatives = new ArrayList<>();
    for (Field field : fields) {
      for (String identifier : identifiers) {
        alternatives.add(Filter.term(field, identifier));
      }
    }
    return Filter.or(alternatives);
  }
}
