package dev.indelible.server.retention;

import dev.indelible.server.control.Hold;
import dev.indelible.server.event.Entry;
import dev.indelible.server.run.StoredEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Counts entries about a person, one after another, for a {@link SubjectReport}. */
final class SubjectTally {

  /** Members of the personal part whose value is one field, though it is an object. */
  private static final Set<String> WHOLE = Set.of("context.location");

  private final List<Holds.Active> holds;
  private final Counts categories = new Counts();
  private final Counts actions = new Counts();
  private final Counts accounts = new Counts();
  private final Counts personalFields = new Counts();
  private final Counts byHold = new Counts();
  private final List<String> heldIds = new ArrayList<>();
  private long entries;
  private long asActor;
  private long asTarget;
  private long asSearched;
  private long personal;
  private long erased;
  private long held;
  private @Nullable Instant first;
  private @Nullable Instant last;

  SubjectTally(List<Holds.Active> holds) {
    this.holds = holds;
  }

  /** Relation of an entry to the person. */
  record About(boolean acted, boolean suffered, boolean searched) {

    boolean any() {
      return acted || suffered || searched;
    }
  }

  void add(StoredEntry stored, Entry entry, About about) {
    if (first == null) {
      first = entry.recordedAt();
    }
    last = entry.recordedAt();
    entries += about.acted() || about.suffered() ? 1 : 0;
    asActor += about.acted() ? 1 : 0;
    asTarget += about.suffered() ? 1 : 0;
    asSearched += about.searched() ? 1 : 0;
    categories.add(entry.classification().category());
    actions.add(entry.event().action());
    String account = entry.event().account();
    if (account != null) {
      accounts.add(account);
    }
    if (entry.personalErased()) {
      erased++;
    } else if (stored.body() instanceof StoredEntry.Whole(var parts) && parts.personal() != null) {
      personal++;
      addFields(entry, JsonMapper.shared().readTree(parts.personal()));
      addHolds(entry);
    }
  }

  private void addHolds(Entry entry) {
    boolean any = false;
    for (Holds.Active active : holds) {
      if (active.scope().matches(entry)) {
        Hold hold = active.hold();
        byHold.add(hold.holdId());
        any = true;
      }
    }
    if (any) {
      held++;
      if (heldIds.size() < SubjectReport.MAX_HELD_IDS) {
        heldIds.add(entry.id());
      }
    }
  }

  /** Every field counts once for an entry, however often the entry has it. */
  private void addFields(Entry entry, JsonNode part) {
    Set<String> names = new HashSet<>();
    for (Map.Entry<String, JsonNode> member : part.properties()) {
      if (member.getKey().equals("changes")) {
        for (int i = 0; i < member.getValue().size(); i++) {
          if (!member.getValue().get(i).isEmpty()) {
            names.add("changes." + entry.event().changes().get(i).field());
          }
        }
      } else {
        collect(member.getKey(), member.getValue(), names);
      }
    }
    names.forEach(personalFields::add);
  }

  private static void collect(String path, JsonNode value, Set<String> names) {
    if (names.size() >= SubjectReport.MAX_NAMES) {
      return;
    }
    if (value.isArray()) {
      value.forEach(element -> collect(path, element, names));
    } else if (value.isObject() && !WHOLE.contains(path)) {
      for (Map.Entry<String, JsonNode> member : value.properties()) {
        collect(path + "." + member.getKey(), member.getValue(), names);
      }
    } else {
      names.add(path);
    }
  }

  /** The report; {@code requests} are the open ones about the person. */
  SubjectReport report(List<String> requests) {
    return new SubjectReport(
        entries,
        asActor,
        asTarget,
        asSearched,
        first,
        last,
        categories.sorted(),
        actions.sorted(),
        accounts.sorted(),
        personalFields.sorted(),
        personal,
        erased,
        held,
        byHold.sorted(),
        heldIds,
        requests,
        categories.complete
            && actions.complete
            && accounts.complete
            && personalFields.complete
            && byHold.complete);
  }

  /** Counts of a bounded number of names. */
  private static final class Counts {
    private final Map<String, Long> counts = new HashMap<>();
    private boolean complete = true;

    void add(String name) {
      if (counts.size() < SubjectReport.MAX_NAMES || counts.containsKey(name)) {
        counts.merge(name, 1L, Long::sum);
      } else {
        complete = false;
      }
    }

    List<SubjectReport.Count> sorted() {
      return counts.entrySet().stream()
          .map(count -> new SubjectReport.Count(count.getKey(), count.getValue()))
          .sorted(
              Comparator.comparingLong(SubjectReport.Count::entries)
                  .reversed()
                  .thenComparing(SubjectReport.Count::name))
          .toList();
    }
  }
}
