package dev.indelible.server.control;

import static dev.indelible.server.control.ObjectFields.putAll;
import static dev.indelible.server.control.ObjectFields.putIfPresent;

import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A named query with a time range and the way its results are shown.
 *
 * @param tenant whose log
 * @param viewId its id within the tenant
 * @param owner whom it is of, such as {@code user:u_7}; null when it is the whole tenant's
 * @param name its name for people
 * @param query in the query language; empty for everything
 * @param time {@code newest}, or how long before now it begins, such as {@code P7D}; null when it
 *     has bounds, or none
 * @param from the earliest occurrence, inclusive, or null
 * @param to the latest occurrence, exclusive, or null
 * @param columns the columns shown, in order
 * @param zone {@code local}, or the name of a time zone
 * @param removedAt when it was removed, or null
 */
public record SavedView(
    TenantId tenant,
    String viewId,
    @Nullable String owner,
    String name,
    String query,
    @Nullable String time,
    @Nullable Instant from,
    @Nullable Instant to,
    List<String> columns,
    String zone,
    @Nullable Instant removedAt)
    implements ConfigurationObject {
  static final Kind<SavedView> KIND = new SavedViewKind();

  /** The longest name, in UTF-16 units. */
  public static final int MAX_NAME_LENGTH = 100;

  /** The most views that one person has in a tenant. */
  public static final int MAX_PERSONAL = TenantQuota.PERSONAL_VIEWS.most();

  /** The most views that a tenant shares. */
  public static final int MAX_SHARED = TenantQuota.SHARED_VIEWS.most();

  /** The most columns. */
  public static final int MAX_COLUMNS = 20;

  /** {@code newest}, or days, or hours. */
  public static final Pattern TIME = Pattern.compile("newest|P[0-9]{1,4}D|PT[0-9]{1,4}[HM]");

  /** The name of a column. */
  public static final Pattern COLUMN = Pattern.compile("[a-z_]{1,32}");

  public SavedView {
    columns = List.copyOf(columns);
  }

  @Override
  public String id() {
    return tenant.value() + "/" + viewId;
  }

  /** Whether the whole tenant sees it. */
  public boolean isShared() {
    return owner == null;
  }

  /** Returns a removed copy. */
  public SavedView removed(Instant at) {
    return new SavedView(tenant, viewId, owner, name, query, time, from, to, columns, zone, at);
  }

  @Override
  public Kind<SavedView> kind() {
    return KIND;
  }

  private static final class SavedViewKind extends Kind<SavedView> {

    SavedViewKind() {
      super("saved_view", SavedView.class);
    }

    @Override
    void write(SavedView view, ObjectNode json) {
      json.put("tenant", view.tenant().value());
      json.put("id", view.viewId());
      putIfPresent(json, "owner", view.owner());
      json.put("name", view.name());
      json.put("query", view.query());
      putIfPresent(json, "time", view.time());
      putIfPresent(json, "from", view.from());
      putIfPresent(json, "to", view.to());
      putAll(json, "columns", view.columns());
      json.put("zone", view.zone());
      putIfPresent(json, "removed_at", view.removedAt());
    }

    @Override
    SavedView read(ObjectFields json) {
      return new SavedView(
          json.tenant(),
          json.text("id"),
          json.optionalText("owner"),
          json.text("name"),
          json.text("query"),
          json.optionalText("time"),
          json.optionalInstant("from"),
          json.optionalInstant("to"),
          json.list("columns"),
          json.text("zone"),
          json.optionalInstant("removed_at"));
    }

    @Override
    void check(SavedView view) {
      requireAtMost(MAX_NAME_LENGTH, "name", view.name());
      requireAtMost(MAX_COLUMNS, "number of columns", view.columns().size());
    }

    /** A personal view changes nothing for anybody else. */
    @Override
    boolean hasEntry(SavedView view) {
      return view.isShared();
    }

    @Override
    Event.Target target(SavedView view) {
      return new Event.Target("saved_view", view.viewId(), view.name(), null);
    }

    @Override
    String action(@Nullable SavedView before, SavedView after) {
      if (before == null) {
        return "audit.saved_view.create";
      }
      return after.removedAt() != null ? "audit.saved_view.remove" : "audit.saved_view.update";
    }
  }
}
