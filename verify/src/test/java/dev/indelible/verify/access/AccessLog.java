package dev.indelible.verify.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.indelible.verify.access.AccessEffect.Deed;
import dev.indelible.verify.access.AccessRules.Rule;
import dev.indelible.verify.audit.EntryAudit.Content;
import dev.indelible.verify.audit.ExportText;
import dev.indelible.verify.audit.Json.MalformedJsonException;
import dev.indelible.verify.audit.SampleExport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A log in memory whose entries give and take access, and the reviews that are made of it. */
final class AccessLog {

  private static final List<String> USER = List.of("target.user");
  static final long START = 1_795_168_800_000L;
  static final long HOUR = 3_600_000;

  static final AccessRules RULES =
      new AccessRules(
          List.of(
              rule("user.created", effect(Deed.GRANTS, AccessKind.SIGN_IN, USER, "=sign-in")),
              rule("user.deactivated", effect(Deed.REVOKES, AccessKind.SIGN_IN, USER, "=sign-in")),
              rule("user.role_changed", effect(Deed.REPLACES, AccessKind.ROLE, USER, "after.role")),
              rule("member.added", effect(Deed.GRANTS, AccessKind.MEMBERSHIP, USER, "target.team")),
              rule(
                  "member.removed",
                  effect(Deed.REVOKES, AccessKind.MEMBERSHIP, USER, "target.team")),
              rule("roles.cleared", effect(Deed.REVOKES, AccessKind.ROLE, USER, "*")),
              rule(
                  "key.created",
                  new AccessEffect(
                      Deed.GRANTS,
                      AccessKind.KEY,
                      List.of("actor"),
                      List.of("target.api_key"),
                      List.of("details.expires_at"))),
              rule(
                  "key.revoked",
                  effect(Deed.REVOKES, AccessKind.KEY, List.of("holder"), "target.api_key")),
              rule(
                  "user.login",
                  effect(Deed.GRANTS, AccessKind.SESSION, List.of("actor"), "session")),
              rule(
                  "user.logout",
                  effect(Deed.REVOKES, AccessKind.SESSION, List.of("holder"), "session"))));

  final SampleExport export = new SampleExport(11);
  private long millis = START;

  private static Rule rule(String action, AccessEffect effect) {
    return new Rule(action, AccessRules.PRODUCT, List.of(effect));
  }

  private static AccessEffect effect(Deed deed, AccessKind kind, List<String> of, String what) {
    return new AccessEffect(deed, kind, of, List.of(what), List.of());
  }

  int size() {
    return export.entries.size();
  }

  long now() {
    return millis;
  }

  void pass(long time) {
    millis += time;
  }

  /** Records an entry; returns its number. */
  int add(String action, String rest) {
    return add(action, rest, null);
  }

  int add(String action, String rest, @Nullable String personal) {
    int seq = size();
    String facts =
        "{\"id\":\"e%d\",\"tenant\":\"acme\",\"action\":\"%s\",\"actor\":{\"type\":\"user\",\"id\":\"u_admin\"}%s}"
            .formatted(seq, action, rest.isEmpty() ? "" : "," + rest);
    if (rest.startsWith("\"actor\"") || rest.startsWith("\"occurred_at\"")) {
      facts =
          "{\"id\":\"e%d\",\"tenant\":\"acme\",\"action\":\"%s\",%s}".formatted(seq, action, rest);
    }
    export.entries.add(export.entry(seq, millis, facts, personal));
    millis += 1_000;
    return seq;
  }

  static String user(String id) {
    return "\"targets\":[{\"type\":\"user\",\"id\":\"" + id + "\"}]";
  }

  static String userAnd(String id, String type, String other) {
    return "\"targets\":[{\"type\":\"user\",\"id\":\"%s\"},{\"type\":\"%s\",\"id\":\"%s\"}]"
        .formatted(id, type, other);
  }

  static String role(String id, String role) {
    return user(id) + ",\"changes\":[{\"field\":\"role\",\"after\":\"" + role + "\"}]";
  }

  static String by(String id, String rest) {
    return "\"actor\":{\"type\":\"user\",\"id\":\"" + id + "\"}," + rest;
  }

  static String key(String id) {
    return "\"targets\":[{\"type\":\"api_key\",\"id\":\"" + id + "\"}]";
  }

  static String session(String id) {
    return "\"context\":{\"session_id\":\"" + id + "\"}";
  }

  /** Gives an entry another id. */
  void rename(int seq, String id) {
    ExportText.Entry old = export.entries.get(seq);
    ExportText.Part facts = old.facts();
    if (facts == null) {
      throw new IllegalArgumentException("entry " + seq + " has no facts");
    }
    String text = new String(facts.bytes(), UTF_8).replace("\"e" + seq + "\"", "\"" + id + "\"");
    export.entries.set(seq, export.entry(seq, old.recordedAtMillis(), text, null));
  }

  void purge(int first, int end) {
    for (int seq = first; seq < end; seq++) {
      export.set(seq, Content.PURGED);
    }
  }

  AccessReview.Basis basis(@Nullable Long asOf, @Nullable Long since) {
    return new AccessReview.Basis(
        "acme",
        export.checkpoint().note().toString(),
        size(),
        asOf == null ? millis : asOf,
        since,
        null,
        false,
        RULES);
  }

  ReviewFold fold(@Nullable Long asOf, @Nullable Long since) {
    ReviewFold fold = new ReviewFold(basis(asOf, since));
    try {
      for (ExportText.Entry entry : export.entries) {
        ExportText.Part facts = entry.facts();
        ExportText.Part personal = entry.personal();
        if (facts == null) {
          fold.purged(entry.seq());
        } else {
          fold.entry(
              entry.seq(),
              entry.recordedAtMillis(),
              facts.bytes(),
              facts.bytes().length,
              personal == null ? null : personal.bytes());
        }
      }
    } catch (MalformedJsonException e) {
      throw new IllegalStateException(e);
    }
    return fold;
  }

  AccessReview review() {
    return fold(null, null).review();
  }

  /** A review as text, one line for each grant. */
  static List<String> lines(AccessReview review) {
    return review.people().stream()
        .flatMap(
            person ->
                person.grants().stream()
                    .map(grant -> person.id() + " " + grant.key() + " " + grant.entryId()))
        .toList();
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
