package dev.indelible.server.evidence.pack;

import dev.indelible.server.event.Entry;
import dev.indelible.server.event.Event;
import dev.indelible.server.query.FilterEvaluator;
import dev.indelible.server.query.SearchableEntry;
import dev.indelible.server.takeout.file.CsvFile;
import dev.indelible.server.takeout.file.EntryFile;
import dev.indelible.server.takeout.file.FileTotals;
import dev.indelible.server.takeout.file.JsonFile;
import dev.indelible.server.takeout.file.NameCounts;
import dev.indelible.server.takeout.file.TakenEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Files of a section, while they are written, and counts of what is in them. Not thread-safe. */
final class SectionFiles implements PackSection {

  /** The most rows of each table of counts in the summary. */
  static final int TOP = 10;

  /** The most names of actions, and of actors, that are counted apart in a section. */
  static final int MAX_COUNTED = 2_000;

  private final PackTemplate.Section section;
  private final FilterEvaluator filter;
  private final SpoolFile jsonSpool;
  private final SpoolFile csvSpool;
  private final EntryFile json;
  private final EntryFile csv;
  private final List<Named> named = new ArrayList<>();
  private final NameCounts actions = new NameCounts(MAX_COUNTED);
  private final NameCounts actors = new NameCounts(MAX_COUNTED);
  private long entries;
  private long failures;

  /**
   * Begins the files of a section.
   *
   * @param filter its query, as whoever takes the pack may ask it
   * @param folder where they are compressed to, under names that begin with {@code spool}
   */
  SectionFiles(PackTemplate.Section section, FilterEvaluator filter, Path folder, String spool)
      throws IOException {
    this.section = section;
    this.filter = filter;
    jsonSpool = new SpoolFile(PackSection.path(section, "json"), folder.resolve(spool + "-json"));
    csvSpool = new SpoolFile(PackSection.path(section, "csv"), folder.resolve(spool + "-csv"));
    json = new JsonFile(jsonSpool, 0);
    csv = new CsvFile(csvSpool, List.of(), false);
  }

  /** Takes an entry if the section's query means it; returns whether. */
  boolean offer(SearchableEntry searchable, TakenEntry taken) throws IOException {
    if (!filter.matches(searchable)) {
      return false;
    }
    // Holds come and go, and what is made again has to be the same.
    TakenEntry plain = new TakenEntry(taken.stored(), taken.found(), Map.of());
    json.add(plain);
    csv.add(plain);
    Entry entry = taken.found().shown();
    Event event = entry.event();
    entries++;
    if (event.outcome() == Event.Outcome.FAILURE) {
      failures++;
    }
    actions.add(event.action());
    actors.add(actor(event.actor()));
    if (named.size() < MAX_NAMED) {
      named.add(new Named(entry.seq(), entry.id(), event.action()));
    }
    return true;
  }

  private static String actor(Event.Actor actor) {
    String id = actor.type().jsonName() + (actor.id() == null ? "" : ":" + actor.id());
    return actor.name() == null ? id : actor.name() + " (" + id + ")";
  }

  @Override
  public List<SpoolFile.Complete> complete() throws IOException {
    FileTotals totals = new FileTotals(entries, 0, 0);
    json.end(totals);
    csv.end(totals);
    return List.of(jsonSpool.complete(), csvSpool.complete());
  }

  @Override
  public PackTemplate.Section section() {
    return section;
  }

  @Override
  public long entries() {
    return entries;
  }

  long failures() {
    return failures;
  }

  @Override
  public List<Named> named() {
    return named;
  }

  NameCounts actions() {
    return actions;
  }

  NameCounts actors() {
    return actors;
  }

  @Override
  public long packedBytes() {
    return jsonSpool.packedBytes() + csvSpool.packedBytes();
  }

  @Override
  public void close() throws IOException {
    jsonSpool.close();
    csvSpool.close();
  }
}
