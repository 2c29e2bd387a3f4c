package dev.indelible.server.takeout.file;

import dev.indelible.server.event.Classification;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.server.search.Found;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Entries, and heads of files, for tests of formats. */
final class TakenEntries {

  static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  static final TenantId TENANT = new TenantId("acme");
  static final String CHECKPOINT = "log.test/acme\n3\nAAAA\n\n— log.test/acme AAAA\n";

  private TakenEntries() {}

  static FileHead head(Locale language, String... columns) {
    return headOf(language, "outcome:failure", "Acme & Söhne", columns);
  }

  static FileHead headOf(Locale language, String filter, String name, String... columns) {
    return new FileHead(
        TENANT.value(),
        name,
        filter,
        Instant.parse("2026-11-01T00:00:00Z"),
        null,
        ZoneId.of("Europe/Berlin"),
        0,
        3,
        List.of("eu"),
        true,
        3,
        List.of(columns),
        language,
        new FileHead.Made("Ana Ribeiro (user:u_7)", NOW, "audit 2026", "exp_1"),
        CHECKPOINT);
  }

  static Event.Actor actor(String id, @Nullable String name) {
    return new Event.Actor(Event.ActorType.USER, id, name, null, List.of(), List.of(), null);
  }

  /** An entry whose reason is {@code reason} and whose session is {@code session}. */
  static TakenEntry entry(long seq, String id, String reason, String session) {
    return entry(
        seq,
        id,
        NOW.plusMillis(seq),
        actor("u_7", "Ana"),
        target("t_1", "Ticket"),
        reason,
        session);
  }

  static Event.Target target(String id, @Nullable String name) {
    return new Event.Target("ticket", id, name, null);
  }

  static TakenEntry entry(
      long seq,
      String id,
      Instant occurredAt,
      Event.Actor actor,
      Event.Target target,
      String reason,
      String session) {
    ObjectNode details = JsonNodeFactory.instance.objectNode().put("k", seq);
    Event event =
        new Event(
            id,
            TENANT,
            "eu",
            occurredAt,
            "ticket.updated",
            actor,
            List.of(target),
            seq % 3 == 0 ? Event.Outcome.FAILURE : Event.Outcome.SUCCESS,
            null,
            List.of(),
            reason,
            new Event.Context("203.0.113.9", null, null, session, null, null),
            details);
    Entry entry =
        new Entry(
            TENANT,
            seq,
            id,
            occurredAt,
            event,
            new Classification("tickets", "update", false, List.of()),
            false);
    StoredEntry stored =
        new StoredEntry(
            seq,
            NOW.toEpochMilli(),
            new StoredEntry.Whole(
                EntryParts.ofFacts(new byte[] {'{', '}'}, new byte[EntryParts.SALT_BYTES])));
    return new TakenEntry(stored, new Found(entry, entry, true), Map.of());
  }
}
