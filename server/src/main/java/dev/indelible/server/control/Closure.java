package dev.indelible.server.control;

import static dev.indelible.server.control.ObjectFields.putAll;

import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The end of a tenant: nobody sees it any more, and its entries are deleted.
 *
 * @param tenant which tenant
 * @param closedAt when it was closed
 * @param records ids of the entries that record the deletion, in their order; none while it goes on
 */
public record Closure(TenantId tenant, Instant closedAt, List<String> records)
    implements ConfigurationObject {
  static final Kind<Closure> KIND = new ClosureKind();

  public Closure {
    records = List.copyOf(records);
  }

  @Override
  public String id() {
    return tenant.value();
  }

  /** Returns a copy with all entries deleted. */
  public Closure complete(List<String> recordedBy) {
    return new Closure(tenant, closedAt, recordedBy);
  }

  /** Whether all entries are deleted. */
  public boolean isComplete() {
    return !records.isEmpty();
  }

  @Override
  public Kind<Closure> kind() {
    return KIND;
  }

  private static final class ClosureKind extends Kind<Closure> {

    ClosureKind() {
      super("closure", Closure.class);
    }

    @Override
    void write(Closure closure, ObjectNode json) {
      json.put("tenant", closure.tenant().value());
      json.put("closed_at", closure.closedAt().toString());
      if (closure.isComplete()) {
        // Alone in all records that were written before a deletion could have several.
        json.put("record_id", closure.records().getFirst());
      }
      if (closure.records().size() > 1) {
        putAll(json, "records", closure.records());
      }
    }

    @Override
    Closure read(ObjectFields json) {
      return new Closure(json.tenant(), json.instant("closed_at"), records(json));
    }

    private static List<String> records(ObjectFields json) {
      List<String> records = json.listOrEmpty("records");
      String first = json.optionalText("record_id");
      return !records.isEmpty() || first == null ? records : List.of(first);
    }

    @Override
    boolean isOnePerTenant() {
      return true;
    }

    @Override
    Event.Target target(Closure closure) {
      return new Event.Target("tenant", closure.id(), null, null);
    }

    @Override
    String action(@Nullable Closure before, Closure after) {
      return before == null ? "audit.tenant.close" : "audit.tenant.delete";
    }
  }
}
