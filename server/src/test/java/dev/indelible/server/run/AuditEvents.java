package dev.indelible.server.run;

import dev.indelible.server.event.EntryParts;
import dev.indelible.server.run.StoredEntry.Whole;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;

/** Plausible audit events of one tenant: about 560 bytes of facts and 160 of personal values. */
final class AuditEvents {

  private static final String[] ACTIONS = {
    "user.login",
    "user.login",
    "user.login",
    "user.logout",
    "ticket.viewed",
    "ticket.viewed",
    "ticket.updated",
    "ticket.updated",
    "ticket.assigned",
    "user.role_changed",
    "apikey.created",
    "report.exported",
    "flow.published",
    "setting.changed",
    "member.invited"
  };
  private static final String[] FIRST = {
    "Ana", "Bo", "Chidi", "Dana", "Emre", "Farah", "Goran", "Hana", "Ines", "Jonas", "Kaito",
    "Lena", "Mira", "Noor", "Olga", "Pavel"
  };
  private static final String[] LAST = {
    "Alvarez",
    "Berg",
    "Costa",
    "Dubois",
    "Eriksen",
    "Fischer",
    "Garcia",
    "Haddad",
    "Ito",
    "Jansen",
    "Kowalski",
    "Lopez",
    "Meyer",
    "Novak",
    "Okafor",
    "Petrov"
  };
  private static final String[] AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
  };
  private static final String[] FIELDS = {"status", "priority", "role", "assignee", "locale"};
  private static final String[] VALUES = {"open", "pending", "admin", "agent", "high", "low"};

  private final SplittableRandom random;
  private final int users;

  AuditEvents(long seed, int users) {
    this.random = new SplittableRandom(seed);
    this.users = users;
  }

  StoredEntry next(long seq, long millis) {
    int user = Math.min(random.nextInt(users), random.nextInt(users));
    SplittableRandom session = new SplittableRandom(user * 31L + seq / 500);
    String action = ACTIONS[random.nextInt(ACTIONS.length)];
    String type = action.substring(0, action.indexOf('.'));
    int target = 10_000 + random.nextInt(5_000);
    String change =
        "{\"field\":\"%s\",\"before\":\"%s\",\"after\":\"%s\"}"
            .formatted(pick(FIELDS), pick(VALUES), pick(VALUES));
    String facts =
        """
        {"id":"%s","account":"eu","occurred_at":"%s","action":"%s","actor":{"type":"user","id":"u_%d",\
        "roles":["%s"]},"targets":[{"type":"%s","id":"%d",\
        "href":"https://app.example.com/%s/%d"}],"outcome":"%s","changes":[%s],"context":{"session_id":"%s",\
        "request_id":"req_%s"},"details":{"channel":"%s","duration_ms":%d},\
        "category":"%s","verb":"%s","security_relevant":%b}"""
            .formatted(
                uuid(millis),
                Instant.ofEpochMilli(millis - random.nextInt(400)),
                action,
                1000 + user,
                user % 9 == 0 ? "tenant_admin" : "agent",
                type,
                target,
                type,
                target,
                random.nextInt(20) == 0 ? "failure" : "success",
                change,
                "s_" + hex(session.nextLong()),
                hex(random.nextLong()).substring(4),
                random.nextInt(3) == 0 ? "api" : "web",
                random.nextInt(900),
                type.equals("user") ? "authentication" : "data_access",
                action.endsWith("ed") ? "update" : "read",
                type.equals("apikey"));
    String first = FIRST[user % FIRST.length];
    String last = LAST[user / FIRST.length % LAST.length];
    String personal =
        """
        {"actor":{"name":"%s %s","email":"%s.%s@example.com"},"context":{"ip":"%d.%d.113.%d",\
        "user_agent":"%s"}}"""
            .formatted(
                first,
                last,
                first.toLowerCase(Locale.ROOT),
                last.toLowerCase(Locale.ROOT),
                session.nextInt(90, 200),
                session.nextInt(256),
                session.nextInt(256),
                AGENTS[user % AGENTS.length]);
    return new StoredEntry(
        seq,
        millis,
        new Whole(
            new EntryParts(
                facts.getBytes(StandardCharsets.UTF_8),
                salt(),
                personal.getBytes(StandardCharsets.UTF_8),
                salt())));
  }

  private String pick(String[] from) {
    return from[random.nextInt(from.length)];
  }

  /** A UUIDv7. */
  private String uuid(long millis) {
    return new UUID(
            millis << 16 | 0x7000 | random.nextInt(4096), random.nextLong() >>> 2 | Long.MIN_VALUE)
        .toString();
  }

  private static String hex(long value) {
    return HexFormat.of().toHexDigits(value);
  }

  private byte[] salt() {
    byte[] salt = new byte[16];
    random.nextBytes(salt);
    return salt;
  }
}
