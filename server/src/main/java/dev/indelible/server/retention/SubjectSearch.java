package dev.indelible.server.retention;

import dev.indelible.server.event.Entry;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.query.Field;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.FilterEvaluator;
import dev.indelible.server.query.HashedActors;
import dev.indelible.server.query.TextFolding;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.server.search.EntryReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds the entries that are about a person, by reading all of them: the index may be behind, and
 * an erasure must not miss any. Thread-safe.
 */
final class SubjectSearch {

  private final EventLog log;
  private final EntryReader reader;
  private final Selector selector;
  private final Meaning meaning;

  /**
   * Interpretation of identifiers in a tenant.
   *
   * @param hashed the translation of queries where ids are hashed
   * @param rules the catalog's rules about persons
   */
  record Meaning(Function<TenantId, HashedActors> hashed, Function<TenantId, PersonRules> rules) {}

  SubjectSearch(EventLog log, EntryReader reader, Selector selector, Meaning meaning) {
    this.log = log;
    this.reader = reader;
    this.selector = selector;
    this.meaning = meaning;
  }

  /** Counts a person's entries in a tenant's log now, including what is erased already. */
  SubjectTally count(TenantId tenant, List<String> identifiers, List<Holds.Active> holds)
      throws IOException {
    FilterEvaluator actor =
        new FilterEvaluator(
            meaning
                .hashed()
                .apply(tenant)
                .of(filter(identifiers, Field.ACTOR, Field.ON_BEHALF_OF)));
    FilterEvaluator target =
        new FilterEvaluator(meaning.hashed().apply(tenant).of(filter(identifiers, Field.TARGET)));
    SubjectTally tally = new SubjectTally(holds);
    forEach(
        tenant,
        new About(
            actor, target, identifiers, texts(tenant, identifiers), meaning.rules().apply(tenant)),
        (stored, entry, about) -> {
          if (about.any()) {
            tally.add(stored, entry, about);
          }
        });
    return tally;
  }

  /**
   * Finds a person's entries in a tenant's log now.
   *
   * @param staying is told of the entries that go on to name the person
   */
  ErasurePreview find(
      TenantId tenant,
      List<String> identifiers,
      List<Holds.Active> holds,
      StayingTexts.Builder staying)
      throws IOException {
    FilterEvaluator actor = anyOf(identifiers, Field.ACTOR, Field.ON_BEHALF_OF);
    FilterEvaluator target = anyOf(identifiers, Field.TARGET);
    PersonRules rules = meaning.rules().apply(tenant);
    PersonTexts texts = texts(tenant, identifiers);
    Findings findings = new Findings(holds, identifiers, rules);
    forEach(
        tenant,
        new About(actor, target, identifiers, texts, rules),
        (stored, entry, about) -> {
          if (texts.staysIn(stored, entry)) {
            staying.add(entry.id());
          }
          if (about.any()) {
            findings.add(stored, entry, about);
          }
        });
    return findings.preview(staying.build());
  }

  PersonTexts texts(TenantId tenant, List<String> identifiers) {
    return new PersonTexts(identifiers, meaning.hashed().apply(tenant).hash());
  }

  /** Sorts the entries about a person into those that are erased and those that stay, and why. */
  private static final class Findings {
    private final List<Holds.Active> holds;
    private final List<String> identifiers;
    private final PersonRules rules;
    private final SeqRanges.Builder ranges = new SeqRanges.Builder();
    private final Acted.Collector acted = new Acted.Collector();
    private long erased;
    private long asActor;
    private long asTarget;
    private long asSearched;
    private long deferred;
    private long withoutPersonal;
    private long keptForAuthor;
    private boolean complete = true;

    Findings(List<Holds.Active> holds, List<String> identifiers, PersonRules rules) {
      this.holds = holds;
      this.identifiers = identifiers;
      this.rules = rules;
    }

    void add(StoredEntry stored, Entry entry, SubjectTally.About about) {
      asSearched += about.searched() ? 1 : 0;
      asActor += about.acted() ? 1 : 0;
      asTarget += about.suffered() ? 1 : 0;
      if (!hasPersonal(stored)) {
        withoutPersonal++;
      } else if (rules.keeps(entry, about.acted(), identifiers)) {
        keptForAuthor++;
      } else if (holds.stream().anyMatch(hold -> hold.scope().matches(entry))) {
        deferred++;
      } else {
        erased++;
        complete &= ranges.size() <= Selector.MAX_RANGES && !acted.isFull();
        if (complete) {
          ranges.add(stored.seq());
          acted.add(entry, identifiers);
        }
      }
    }

    ErasurePreview preview(StayingTexts staying) {
      SeqRanges found = ranges.build();
      boolean few = found.ranges().size() <= Selector.MAX_RANGES;
      return new ErasurePreview(
          erased,
          asActor,
          asTarget,
          deferred,
          withoutPersonal,
          asSearched,
          keptForAuthor,
          acted.all(),
          few ? found : new SeqRanges(found.ranges().subList(0, Selector.MAX_RANGES)),
          complete && few,
          staying);
    }
  }

  /** Conditions that make an entry one about the person. */
  private record About(
      FilterEvaluator actor,
      FilterEvaluator target,
      List<String> identifiers,
      PersonTexts texts,
      PersonRules rules) {

    About {
      identifiers = identifiers.stream().map(TextFolding::fold).toList();
    }

    SubjectTally.About of(StoredEntry stored, Entry entry) {
      boolean acted = actor.matches(entry);
      boolean own = entry.event().action().startsWith(PersonTexts.OWN_ACTIONS);
      boolean suffered =
          (target.matches(entry) && target.matches(rules.withoutThings(entry)))
              || (!acted && !own && isMentioned(stored, entry.event()))
              || (own && Acted.isKeptIn(entry, identifiers));
      return new SubjectTally.About(
          acted, suffered, !acted && !suffered && texts.goesWith(stored, entry));
    }

    /** Whether the personal part names the person, but for what it calls things. */
    private boolean isMentioned(StoredEntry stored, Event event) {
      return SubjectSearch.isMentioned(
          stored, identifiers, i -> rules.isThing(event, event.targets().get(i)));
    }
  }

  /** Receiver of each entry, with its relation to the person. */
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
          visitor.visit(stored, entry.get(), person.of(stored, entry.get()));
        });
  }

  /**
   * Whether the personal part names the person: has one of the identifiers as a whole value, or an
   * e-mail address within a longer one. What the facts hold counts as what they are, since an
   * erasure leaves them.
   *
   * @param identifiers folded
   * @param isThing whether the target of that number is no person, so that its name is nobody's
   */
  static boolean isMentioned(StoredEntry stored, List<String> identifiers, IntPredicate isThing) {
    if (!(stored.body() instanceof StoredEntry.Whole(var parts)) || parts.personal() == null) {
      return false;
    }
    for (Map.Entry<String, JsonNode> member :
        JsonMapper.shared().readTree(parts.personal()).properties()) {
      JsonNode value = member.getValue();
      boolean mentioned =
          (member.getKey().equals("targets") && value.isArray())
              ? IntStream.range(0, value.size())
                  .anyMatch(i -> !isThing.test(i) && isMentioned(value.get(i), identifiers))
              : isMentioned(value, identifiers);
      if (mentioned) {
        return true;
      }
    }
    return false;
  }

  private static boolean isMentioned(JsonNode value, List<String> identifiers) {
    if (value.isContainer()) {
      return value.valueStream().anyMatch(member -> isMentioned(member, identifiers));
    }
    if (!value.isString()) {
      return false;
    }
    String text = TextFolding.fold(value.stringValue());
    return identifiers.stream().anyMatch(identifier -> names(text, identifier));
  }

  private static boolean names(String value, String identifier) {
    return identifier.indexOf('@') < 0 ? value.equals(identifier) : containsWord(value, identifier);
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
