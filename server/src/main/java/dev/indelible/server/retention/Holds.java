package dev.indelible.server.retention;

import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.ConfigurationObject.Hold;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.FilterEvaluator;
import dev.indelible.server.query.HashedActors;
import dev.indelible.server.query.ParsedQuery;
import dev.indelible.server.query.QueryParser;
import dev.indelible.server.query.QueryProblem;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The legal holds in force, and what they keep. Thread-safe. */
public final class Holds {

  /**
   * The most holds in force at once for one tenant: each entry that is read is held against all.
   */
  public static final int MAX_ACTIVE = 100;

  private final Configuration configuration;
  private final Deletions deletions;
  private final Function<TenantId, HashedActors> hashed;
  private final Map<Hold, FilterEvaluator> scopes = new ConcurrentHashMap<>();

  /**
   * The holds of {@code configuration}.
   *
   * @param hashed what queries mean where actors are hashed: a hold by a clear id keeps entries too
   *     whose personal part is gone
   */
  Holds(Configuration configuration, Deletions deletions, Function<TenantId, HashedActors> hashed) {
    this.configuration = configuration;
    this.deletions = deletions;
    this.hashed = hashed;
  }

  /** A hold in force, ready to be asked whether it keeps an entry. */
  record Active(Hold hold, FilterEvaluator scope) {}

  /** The holds in force. */
  public List<Hold> active(TenantId tenant) {
    return configuration.holds(tenant).stream().filter(Hold::isActive).toList();
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

  /** What is wrong with the query of a new hold, if anything is. */
  public Optional<QueryProblem> problem(Hold hold) {
    return QueryParser.parse(hold.query(), hold.appliedAt(), ZoneOffset.UTC)
            instanceof QueryProblem problem
        ? Optional.of(problem)
        : Optional.empty();
  }

  /** The holds that keep the entry. */
  public List<Hold> covering(Entry entry) {
    List<Hold> covering = new ArrayList<>();
    for (Active active : ready(entry.tenant())) {
      if (active.scope().matches(entry)) {
        covering.add(active.hold());
      }
    }
    return covering;
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
