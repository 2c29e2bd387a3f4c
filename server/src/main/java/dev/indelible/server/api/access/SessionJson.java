package dev.indelible.server.api.access;

import dev.indelible.server.access.Caller;
import dev.indelible.server.access.Grant;
import dev.indelible.server.access.Session;
import dev.indelible.server.access.Subject;
import dev.indelible.server.control.ApiKey;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.Guest;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.json.Json;
import dev.indelible.server.json.Rfc3339;
import dev.indelible.server.profile.Permission;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.core.JsonGenerator;

/** Callers and sessions as JSON. */
final class SessionJson {

  /** The most tenants that an operator is told of here; there is a list of all. */
  static final int MAX_TENANTS = 1_000;

  private SessionJson() {}

  /**
   * Writes the caller, and their permissions by tenant.
   *
   * @param mayRead whether they may read a filter that they are held to
   */
  static void write(
      JsonGenerator json, Configuration configuration, Caller caller, Predicate<String> mayRead) {
    Session session = caller.session();
    Optional<ApiKey> key = configuration.key(caller.keyId());
    json.writeStartObject();
    json.writeStringProperty("kind", kind(caller));
    if (session != null) {
      json.writeStringProperty("id", session.id());
      writeUser(json, session.user());
      json.writeStringProperty("name", name(session.user()));
      json.writeStringProperty("expires_at", Rfc3339.format(session.expiresAt()));
    } else {
      json.writeStringProperty("name", key.map(ApiKey::name).orElse(caller.keyId()));
      if (key.isPresent() && key.get().expiresAt() != null) {
        json.writeStringProperty("expires_at", Rfc3339.format(key.get().expiresAt()));
      } else {
        json.writeNullProperty("expires_at");
      }
    }
    caller.home().ifPresent(home -> json.writeStringProperty("tenant", home.value()));
    writeTenants(json, configuration, caller);
    if (session != null) {
      writeBounds(json, configuration, session, mayRead);
    }
    json.writeEndObject();
  }

  private static String kind(Caller caller) {
    return switch (caller) {
      case Caller.Operator _ -> "operator";
      case Caller.TenantKey _ -> "key";
      case Caller.SignedIn signedIn -> kind(signedIn.session().subject());
    };
  }

  private static String kind(Subject subject) {
    return switch (subject) {
      case Subject.OfOperator _ -> "operator";
      case Subject.OfKey _ -> "key";
      case Subject.OfMember _ -> "member";
      case Subject.OfGuest guest -> guest.isSupport() ? "support" : "auditor";
      case Subject.OfViewer _ -> "viewer";
    };
  }

  private static String name(Session.User user) {
    String name = user.name();
    return name == null ? user.id() : name;
  }

  static void writeUser(JsonGenerator json, Session.User user) {
    json.writeObjectPropertyStart("user");
    json.writeStringProperty("id", user.id());
    Json.text(json, "name", user.name());
    Json.text(json, "email", user.email());
    json.writeEndObject();
  }

  private static void writeTenants(JsonGenerator json, Configuration configuration, Caller caller) {
    List<Tenant> tenants =
        caller
            .home()
            .map(home -> configuration.tenant(home).stream().toList())
            .orElseGet(() -> configuration.tenants(null, MAX_TENANTS));
    json.writeArrayPropertyStart("tenants");
    for (Tenant tenant : tenants) {
      Grant grant = caller.grant(tenant.tenant()).orElseThrow();
      json.writeStartObject();
      json.writeStringProperty("id", tenant.id());
      json.writeStringProperty("name", tenant.name());
      json.writeStringProperty("profile", tenant.profile());
      Json.texts(
          json,
          "permissions",
          grant.permissions().stream().map(Permission::jsonName).sorted().toList());
      Optional<Set<String>> accounts = grant.accounts();
      if (accounts.isEmpty()) {
        json.writeNullProperty("accounts");
      } else {
        Json.texts(json, "accounts", accounts.get().stream().sorted().toList());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Writes the limits of a viewer and of a guest. */
  private static void writeBounds(
      JsonGenerator json, Configuration configuration, Session session, Predicate<String> mayRead) {
    switch (session.subject()) {
      case Subject.OfViewer viewer -> filter(json, viewer.filter(), mayRead);
      case Subject.OfGuest(TenantId tenant, String id, boolean support) -> {
        configuration
            .access(tenant, Guest.class, id)
            .ifPresent(guest -> filter(json, guest.filter(), mayRead));
        if (!support) {
          String email = session.user().email();
          json.writeStringProperty(
              "watermark", name(session.user()) + (email == null ? "" : " · " + email));
        }
      }
      case Subject.OfOperator _, Subject.OfKey _, Subject.OfMember _ -> {}
    }
  }

  /** A filter; one that asks for what is personal names whom it is about. */
  static void filter(JsonGenerator json, String filter, Predicate<String> mayRead) {
    if (filter.isEmpty()) {
      return;
    }
    if (mayRead.test(filter)) {
      json.writeStringProperty("filter", filter);
    } else {
      json.writeBooleanProperty("filter_withheld", true);
    }
  }

  /** One session in a list. */
  static void write(
      JsonGenerator json, Session session, boolean current, Predicate<String> mayRead) {
    json.writeStartObject();
    json.writeStringProperty("id", session.id());
    json.writeStringProperty("kind", kind(session.subject()));
    TenantId tenant = session.subject().tenant();
    Json.text(json, "tenant", tenant == null ? null : tenant.value());
    writeUser(json, session.user());
    if (session.subject() instanceof Subject.OfViewer viewer) {
      Json.texts(json, "permissions", viewer.permissions().stream().sorted().toList());
      viewer
          .accounts()
          .ifPresent(accounts -> Json.texts(json, "accounts", accounts.stream().sorted().toList()));
      filter(json, viewer.filter(), mayRead);
      Json.texts(json, "origins", viewer.origins().stream().sorted().toList());
    }
    json.writeStringProperty("created_at", Rfc3339.format(session.createdAt()));
    json.writeStringProperty("expires_at", Rfc3339.format(session.expiresAt()));
    json.writeBooleanProperty("current", current);
    json.writeEndObject();
  }
}
