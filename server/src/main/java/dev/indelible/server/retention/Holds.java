package dev.indelible.server.retention;

import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.Hold;
import dev.indelible.server.control.TenantQuota;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.query.FactsOnly;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.FilterEvaluator;
import dev.indelible.server.query.HashedActors;
import dev.indelible.server.query.ParsedQuery;
import dev.indelible.server.query.QueryParser;
import dev.indelible.server.query.QueryProblem;
import java.io.IOException;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** The legal holds in force, and what they keep. Thread-safe. */
public final class Holds {

  /**
   * The most holds in force at once for one tenant: each entry that is read is held against all.
   */
  public static final int MAX_ACTIVE = TenantQuota.HOLDS.most();

  /**
   * Time after the release of a hold for which the entries stay that say who applied and released
   * it, and why, however short retention is.
   */
  public static final Period ENTRIES_KEPT = Period.ofYears(1);

  private final Configuration configuration;
  private final Deletions deletions;
  private final Function<TenantId, HashedActors> hashed;
  private final Predicate<TenantId> hidesActors;
  private final Map<Hold, FilterEvaluator> scopes = new ConcurrentHashMap<>();
  private final Map<Shown, Optional<FilterEvaluator>> shown = new ConcurrentHashMap<>();

  /**
   * The holds of {@code configuration}.
   *
   * @param hashed what queries mean where actors are hashed: a hold by a clear id keeps entries too
   *     whose personal part is gone
   * @param hidesActors whether the ids of a tenant's actors are personal
   */
  Holds(
      Configuration configuration,
      Deletions deletions,
      Function<TenantId, HashedActors> hashed,
      Predicate<TenantId> hidesActors) {
    this.hidesActors = hidesActors;
    this.configuration = configuration;
    this.deletions = deletions;
    this.hashed = hashed;
  }

  /** Form of a hold that readers see who may not see personal data. */
  private record Shown(Hold hold, boolean hidesActors) {}

  /** A hold in force, ready to be asked whether it keeps an entry. */
  record Active(Hold hold, FilterEvaluator scope) {}

  /** The holds in force. */
  public List<Hold> active(TenantId tenant) {
    return configuration.holds(tenant).stream().filter(Hold::isActive).toList();
  }

  /**
   * The holds whose own entries are not purged at {@code at}: those in force, and those that were
   * released within {@link #ENTRIES_KEPT} before.
   */
  Set<String> told(TenantId tenant, Instant at) {
    Set<String> ids = new HashSet<>();
    for (Hold hold : configuration.holds(tenant)) {
      Instant released = hold.releasedAt();
      if (released == null
          || released.atZone(ZoneOffset.UTC).plus(ENTRIES_KEPT).toInstant().isAfter(at)) {
        ids.add(hold.holdId());
      }
    }
    return ids;
  }

  List<Active> ready(TenantId tenant) {
    List<Active> ready = new ArrayList<>();
    for (Hold hold : active(tenant)) {
      ready.add(new Active(hold, scopes.computeIfAbsent(hold, this::evaluator)));
    }
    return ready;
  }

  private FilterEvaluator evaluator(Hold hold) {
    return switch (QueryParser.parse(hold.query(), hold.appliedAt(), ZoneOffset.UTC)) {
      case ParsedQuery.Valid(var filter) ->
          new FilterEvaluator(hashed.apply(hold.tenant()).of(filter));
      // It was checked when the hold was applied. A grammar that does not know it any more must not
      // let anything go.
      case QueryProblem _ -> new FilterEvaluator(Filter.all());
    };
  }

  /** Problem with the query of a new hold, if there is one. */
  public Optional<QueryProblem> problem(Hold hold) {
    return QueryParser.parse(
                hold.query(), hold.appliedAt(), ZoneOffset.UTC, QueryParser.Reading.TO_STORE)
            instanceof QueryProblem problem
        ? Optional.of(problem)
        : Optional.empty();
  }

  /**
   * The holds that keep the entry, as far as they may be shown: a hold by a name says whose entry
   * it is.
   *
   * @param personal whether they are shown to somebody who may see what is personal
   */
  public List<Hold> covering(Entry entry, boolean personal) {
    List<Hold> covering = new ArrayList<>();
    for (Active active : ready(entry.tenant())) {
      if (active.scope().matches(entry)
          && (personal || evidently(active.hold()).filter(e -> e.matches(entry)).isPresent())) {
        covering.add(active.hold());
      }
    }
    return covering;
  }

  /** Whether how many entries the hold keeps may be told to somebody who may not see names. */
  public boolean isCountable(Hold hold) {
    return QueryParser.parse(hold.query(), hold.appliedAt(), ZoneOffset.UTC)
            instanceof ParsedQuery.Valid(var filter)
        && new FactsOnly(hidesActors.test(hold.tenant())).answer(filter);
  }

  /**
   * Matcher of the entries that a hold keeps evidently, by their facts alone; empty when none does.
   */
  private Optional<FilterEvaluator> evidently(Hold hold) {
    return shown.computeIfAbsent(
        new Shown(hold, hidesActors.test(hold.tenant())),
        key ->
            switch (QueryParser.parse(hold.query(), hold.appliedAt(), ZoneOffset.UTC)) {
              case ParsedQuery.Valid(var filter) ->
                  new FactsOnly(key.hidesActors()).confirmed(filter).map(FilterEvaluator::new);
              case QueryProblem _ -> Optional.empty();
            });
  }

  /**
   * Applies a hold by {@code change}, wholly before or after any decision to delete entries: once
   * this returns, nothing that the hold covers is deleted unless that was decided before.
   *
   * @return whether it was applied: a tenant that is being deleted takes no hold any more
   */
  public boolean apply(TenantId tenant, Change change) throws IOException, InterruptedException {
    return deletions.whileNothingIsDecided(
        () -> {
          if (configuration.closure(tenant).isPresent()) {
            return false;
          }
          change.make();
          return true;
        });
  }

  /** Makes a change of configuration. */
  @FunctionalInterface
  public interface Change {
    void make() throws IOException, InterruptedException;
  }
}
