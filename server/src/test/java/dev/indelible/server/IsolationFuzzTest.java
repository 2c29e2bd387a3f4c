package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.client.StreamedAnswer;
import dev.indelible.testing.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Random tenants with the same accounts, people and actions, and random people, keys and viewers
 * who see a part of one: whatever they read, and however they ask, no answer holds anything of an
 * entry that is not theirs, and numbers count theirs alone.
 */
class IsolationFuzzTest {

  private static final List<String> PROFILES =
      List.of("standard", "rapidesq", "inbox", "msp", "kimondesk", "automation");
  private static final List<String> ACCOUNTS = List.of("eu", "us", "asia");
  private static final List<String> ACTIONS =
      List.of(
          "user.login",
          "user.created",
          "team.create",
          "settings.updated",
          "gadget.frobbed",
          "gadget.polished",
          "invoice.deleted");
  private static final List<String> QUERIES =
      List.of(
          "",
          "actor:u_1",
          "-actor:u_1",
          "action:user.*",
          "action:gadget.frobbed OR account:us",
          "account:eu",
          "-account:eu",
          "(account:us OR account:asia OR account:eu)",
          "flag:unknown_action",
          "verb:create,delete",
          "-verb:update",
          "target_type:thing",
          "target:t_3",
          "outcome:failure",
          "role:boss",
          "changed:size",
          "after:-365d",
          "common",
          "-nothing",
          "has:changes",
          "id:e1*");

  /** Filters of viewers. */
  private static final List<String> FILTERS =
      List.of("", "actor:u_1", "action:gadget.*", "-outcome:failure", "verb:create OR actor:u_2");

  /** A mark that is in one entry alone and that nobody ever asks for. */
  private static final Pattern MARK = Pattern.compile("mark[0-9a-f]{12}");

  private record Recorded(String tenant, String id, @Nullable String account, String mark) {}

  /** Reader, who sees what is in these accounts and passes the filter. */
  private record Reader(
      String name,
      AccessCalls calls,
      String tenant,
      @Nullable Set<String> accounts,
      String filter) {}

  @TempDir static Path directory;
  private static GovernedServer server;
  private static AccessCalls operator;

  @BeforeAll
  static void start() throws Exception {
    server = new GovernedServer(directory);
    operator = AccessCalls.operator(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void noAnswerHoldsWhatIsNotTheReaders() throws Exception {
    new World(System.nanoTime()).readEverything(3);
  }

  @Test
  @Tag("long")
  void noAnswerHoldsWhatIsNotTheReadersInManyWorlds() throws Exception {
    long first = System.nanoTime();
    for (int i = 0; i < 30; i++) {
      new World(first + i).readEverything(12);
    }
  }

  /** Three tenants and those who read in them. */
  private static final class World {
    private final long seed;
    private final Random random;
    private final List<String> tenants = new ArrayList<>();
    private final List<Recorded> entries = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();

    /** How many accounts were named to readers who see some alone. */
    private int accountsChecked;

    World(long seed) throws Exception {
      this.seed = seed;
      System.out.println("IsolationFuzzTest: seed " + seed);
      this.random = new Random(seed);
      for (int i = 0; i < 3; i++) {
        tenants.add("w%s-%d".formatted(Long.toHexString(seed), i));
        fill(tenants.getLast());
      }
      for (String tenant : tenants) {
        addReaders(tenant);
      }
    }

    private <T> T any(List<T> of) {
      return of.get(random.nextInt(of.size()));
    }

    private void fill(String tenant) throws Exception {
      server.tenant(tenant, any(PROFILES));
      operator.call("PATCH", "/v1/tenants/" + tenant, "{\"record_views\":false}").expect(200);
      int count = 20 + random.nextInt(30);
      List<String> batch = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String account = random.nextInt(4) == 0 ? null : any(ACCOUNTS);
        String mark = "mark%012x".formatted(random.nextLong(1L << 48));
        Recorded entry = new Recorded(tenant, "e" + i, account, mark);
        entries.add(entry);
        batch.add(event(entry));
      }
      operator.post("/v1/events", "[" + String.join(",", batch) + "]").expect(201);
      server.find(tenant, "id:e*", count);
    }

    private String event(Recorded entry) {
      return """
          {'tenant':'%s','id':'%s','action':'%s','actor':{'type':'user','id':'u_%d','name':'common name','roles':['%s']},
           'targets':[{'type':'thing','id':'t_%d','name':'%s'}],'outcome':'%s',
           'changes':[{'field':'size','before':'%s','after':2}],'details':{'mark':'%s','text':'common'}%s}"""
          .formatted(
              entry.tenant,
              entry.id,
              any(ACTIONS),
              random.nextInt(3),
              any(List.of("boss", "clerk")),
              random.nextInt(5),
              entry.mark,
              any(List.of("success", "failure")),
              entry.mark,
              entry.mark,
              entry.account == null ? "" : ",'account':'" + entry.account + "'");
    }

    private @Nullable Set<String> someAccounts() {
      if (random.nextInt(3) == 0) {
        return null;
      }
      Set<String> accounts = new LinkedHashSet<>();
      accounts.add(any(ACCOUNTS));
      if (random.nextBoolean()) {
        accounts.add(any(ACCOUNTS));
      }
      return accounts;
    }

    private static String json(@Nullable Set<String> accounts) {
      return accounts == null
          ? ""
          : ",'accounts':"
              + accounts.stream()
                  .map(a -> "'" + a + "'")
                  .collect(Collectors.joining(",", "[", "]"));
    }

    private String permissions() {
      StringBuilder permissions = new StringBuilder("'audit.view'");
      for (String more : List.of("audit.view_personal", "audit.verify", "audit.export")) {
        if (random.nextBoolean()) {
          permissions.append(",'").append(more).append('\'');
        }
      }
      return permissions.toString();
    }

    private void addReaders(String tenant) throws Exception {
      readers.add(new Reader("key", operator.key(tenant, permissions()), tenant, null, ""));
      for (int i = 0; i < 2; i++) {
        Set<String> accounts = someAccounts();
        String set = "set" + i;
        operator
            .post(
                "/v1/tenants/" + tenant + "/permission-sets",
                "{'id':'%s','name':'S','permissions':[%s]}".formatted(set, permissions()))
            .expect(201);
        operator
            .post(
                "/v1/tenants/" + tenant + "/members",
                "{'id':'m%d','name':'M','assignments':[{'permission_set':'%s'%s}]}"
                    .formatted(i, set, json(accounts)))
            .expect(201);
        readers.add(
            new Reader(
                "member of " + accounts,
                operator.signedIn("{'tenant':'%s','user':{'id':'m%d'}}".formatted(tenant, i)),
                tenant,
                accounts,
                ""));
      }
      for (int i = 0; i < 3; i++) {
        Set<String> accounts = someAccounts();
        String filter = any(FILTERS);
        readers.add(
            new Reader(
                "viewer of %s with %s".formatted(accounts, filter),
                operator.viewer(
                    tenant,
                    "{'user':{'id':'v%d'},'permissions':[%s]%s%s}"
                        .formatted(
                            i,
                            permissions(),
                            filter.isEmpty() ? "" : ",'filter':'" + filter + "'",
                            json(accounts))),
                tenant,
                accounts,
                filter));
      }
      Set<String> accounts = someAccounts();
      String filter = any(FILTERS);
      String url =
          operator
              .post(
                  "/v1/tenants/" + tenant + "/auditor-links",
                  "{'user':{'id':'a','name':'A'},'reason':'audit','permissions':['audit.view','audit.verify']%s%s}"
                      .formatted(
                          filter.isEmpty() ? "" : ",'filter':'" + filter + "'", json(accounts)))
              .expect(201)
              .json()
              .path("url")
              .asString();
      AccessCalls nobody = AccessCalls.nobody(server);
      String code = url.substring(url.indexOf('#') + 1);
      readers.add(
          new Reader(
              "auditor of %s with %s".formatted(accounts, filter),
              nobody.browser(
                  nobody.post("/v1/session", "{'code':'" + code + "'}").expect(201).cookie()),
              tenant,
              accounts,
              filter));
    }

    /** The marks of what a reader sees of what a query finds; the filter is the operator's here. */
    private Set<String> marks(Reader reader, String query) throws Exception {
      String all =
          (query.isEmpty() ? "" : "(" + query + ") ")
              + (reader.filter.isEmpty() ? "" : "(" + reader.filter + ") ")
              + "-category:audit_access";
      Set<String> found = new HashSet<>();
      for (JsonNode entry :
          operator
              .get("/v1/tenants/" + reader.tenant + "/events?limit=1000&q=" + encoded(all))
              .expect(200)
              .json()
              .path("entries")) {
        found.add(entry.path("id").asString());
      }
      return entries.stream()
          .filter(entry -> entry.tenant.equals(reader.tenant))
          .filter(entry -> reader.accounts == null || reader.accounts.contains(entry.account))
          .filter(entry -> found.contains(entry.id))
          .map(Recorded::mark)
          .collect(Collectors.toSet());
    }

    void readEverything(int rounds) throws Exception {
      for (Reader reader : readers) {
        Set<String> visible = marks(reader, "");
        for (int i = 0; i < rounds; i++) {
          readQuery(reader, any(QUERIES), visible);
        }
        readOneByOne(reader, visible);
        readWhole(reader, visible);
        readForeignTenants(reader);
      }
      // Else nothing would be shown: a name that is not there cannot be a foreign one.
      assertThat(accountsChecked).as("seed %d", seed).isPositive();
    }

    private void readQuery(Reader reader, String query, Set<String> visible) throws Exception {
      String own =
          query.isEmpty() ? "-category:audit_access" : "(" + query + ") -category:audit_access";
      Set<String> wanted = marks(reader, query);
      String q = "?q=" + encoded(own);
      AccessCalls.Answer page = read(reader, "events" + q + "&limit=1000", visible);
      if (page.status() == 403) {
        // Free text and the like may ask for what is personal.
        assertThat(page.code()).as(describe(reader, query)).isEqualTo("personal_withheld");
        return;
      }
      Set<String> seen = new HashSet<>();
      for (JsonNode entry : page.expect(200).json().path("entries")) {
        seen.add(entry.path("details").path("mark").asString());
      }
      if (asksByClearId(reader, query)) {
        // Where ids are hashed, those who may not see them find nobody by them.
        assertThat(visible).as(describe(reader, query)).containsAll(seen);
        return;
      }
      assertThat(seen).as(describe(reader, query)).isEqualTo(wanted);
      AccessCalls.Answer facets = read(reader, "facets" + q + "&limit=1000", visible).expect(200);
      assertThat(facets.json().path("count").asLong())
          .as(describe(reader, query))
          .isEqualTo(wanted.size());
      JsonNode named = facets.json().path("facets").path("account");
      assertThat(named.isArray()).as(describe(reader, query)).isTrue();
      named.forEach(value -> checkAccount(reader, query, value.path("value").asString()));
      JsonNode histogram =
          read(
                  reader,
                  "histogram" + q + "&from=2025-12-31T00:00:00Z&to=2026-01-03T00:00:00Z&by=account",
                  visible)
              .expect(200)
              .json();
      assertThat(histogram.path("count").asLong())
          .as(describe(reader, query))
          .isEqualTo(wanted.size());
      for (JsonNode bucket : histogram.path("buckets")) {
        bucket.path("by").properties().forEach(by -> checkAccount(reader, query, by.getKey()));
      }
      readExport(reader, own, wanted, visible);
      if (!wanted.isEmpty() && random.nextInt(3) == 0) {
        tail(reader, own, wanted, visible);
      }
    }

    private void checkAccount(Reader reader, String query, String account) {
      assertThat(account).as(describe(reader, query)).isIn(ACCOUNTS);
      if (reader.accounts != null) {
        accountsChecked++;
        assertThat(reader.accounts).as(describe(reader, query)).contains(account);
      }
    }

    private void readExport(Reader reader, String query, Set<String> wanted, Set<String> visible)
        throws Exception {
      AccessCalls.Answer export =
          read(reader, "export?reason=a%20test&q=" + encoded(query), visible);
      if (export.status() == 403) {
        assertThat(export.code()).as(describe(reader, query)).isEqualTo("forbidden");
        return;
      }
      assertThat(export.expect(200).header("X-Total-Count"))
          .as(describe(reader, query))
          .isEqualTo(Integer.toString(wanted.size()));
      if (!export.header("Content-Type").startsWith("text/csv")) {
        Set<String> exported = new HashSet<>();
        MARK.matcher(export.text()).results().forEach(mark -> exported.add(mark.group()));
        assertThat(exported).as(describe(reader, query)).isEqualTo(wanted);
      }
    }

    private boolean asksByClearId(Reader reader, String query) throws Exception {
      return query.contains("actor:")
          && server
              .get("/v1/tenants/" + reader.tenant + "/profile")
              .path("actor_hashing")
              .asBoolean();
    }

    private void readOneByOne(Reader reader, Set<String> visible) throws Exception {
      for (int i = 0; i < 8; i++) {
        Recorded entry = any(entries);
        Recorded twin = twin(reader, entry.id);
        boolean mine = twin != null && visible.contains(twin.mark);
        AccessCalls.Answer one = read(reader, "events/" + entry.id, visible);
        assertThat(one.status()).as(describe(reader, entry.id)).isEqualTo(mine ? 200 : 404);
        AccessCalls.Answer never = read(reader, "events/never", visible);
        if (!mine) {
          assertThat(comparable(one)).isEqualTo(comparable(never));
        }
        AccessCalls.Answer proof = read(reader, "events/" + entry.id + "/proof", visible);
        if (!mine && proof.status() != 403) {
          assertThat(comparable(proof))
              .as(describe(reader, entry.id))
              .isEqualTo(comparable(read(reader, "events/never/proof", visible)));
        }
      }
    }

    private @Nullable Recorded twin(Reader reader, String id) {
      return entries.stream()
          .filter(entry -> entry.tenant.equals(reader.tenant) && entry.id.equals(id))
          .findFirst()
          .orElse(null);
    }

    private void readWhole(Reader reader, Set<String> visible) throws Exception {
      boolean all = reader.accounts == null && reader.filter.isEmpty();
      AccessCalls.Answer export = read(reader, "log/entries?reason=a%20test", visible);
      if (!all) {
        assertThat(export.status()).as(describe(reader, "log/entries")).isEqualTo(403);
      }
      JsonNode unknown = read(reader, "unknown-actions", visible).expect(200).json();
      long listed = 0;
      for (JsonNode action : unknown.path("unknown_actions")) {
        listed += action.path("count").asLong();
      }
      assertThat(listed)
          .as(describe(reader, "unknown actions"))
          .isEqualTo(marks(reader, "flag:unknown_action").size());
      for (String path :
          List.of(
              "",
              "/profile",
              "/profile/changes",
              "/retention",
              "/holds",
              "/log/checkpoint",
              "/erasures")) {
        check(reader, reader.calls.get("/v1/tenants/" + reader.tenant + path), visible, path);
      }
      check(reader, reader.calls.get("/v1/tenants"), visible, "/v1/tenants");
      check(reader, reader.calls.get("/v1/whoami"), visible, "/v1/whoami");
    }

    private void readForeignTenants(Reader reader) throws Exception {
      for (String tenant : tenants) {
        if (!tenant.equals(reader.tenant)) {
          for (String path :
              List.of(
                  "events",
                  "events/e1",
                  "events/e1/proof",
                  "facets",
                  "histogram",
                  "tail?after_seq=-1",
                  "log/entries",
                  "unknown-actions",
                  "profile")) {
            AccessCalls.Answer answer = reader.calls.get("/v1/tenants/" + tenant + "/" + path);
            assertThat(answer.status()).as(describe(reader, path)).isEqualTo(404);
            check(reader, answer, Set.of(), path);
          }
        }
      }
    }

    private AccessCalls.Answer read(Reader reader, String path, Set<String> visible)
        throws Exception {
      AccessCalls.Answer answer = reader.calls.get("/v1/tenants/" + reader.tenant + "/" + path);
      check(reader, answer, visible, path);
      return answer;
    }

    /** No answer has a mark or the name of a tenant that is not the reader's. */
    private void check(Reader reader, AccessCalls.Answer answer, Set<String> visible, String path) {
      assertThat(answer.status()).as(describe(reader, path)).isLessThan(500);
      checkText(reader, answer.text() + answer.headers().map(), visible, path);
    }

    private void checkText(Reader reader, String text, Set<String> visible, String path) {
      MARK.matcher(text)
          .results()
          .forEach(mark -> assertThat(visible).as(describe(reader, path)).contains(mark.group()));
      for (String tenant : tenants) {
        if (!tenant.equals(reader.tenant)) {
          assertThat(text).as(describe(reader, path)).doesNotContain(tenant);
        }
      }
    }

    /** Follows from the first entry until all that is wanted has come. */
    private void tail(Reader reader, String query, Set<String> wanted, Set<String> visible)
        throws Exception {
      StreamedAnswer answer =
          reader.calls.open(
              "/v1/tenants/%s/tail?after_seq=-1&q=%s".formatted(reader.tenant, encoded(query)));
      assertThat(answer.status()).as(describe(reader, query)).isEqualTo(200);
      Set<String> missing = new HashSet<>(wanted);
      long deadline = System.nanoTime() + Eventually.LIMIT.toNanos();
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
        while (!missing.isEmpty() && System.nanoTime() < deadline) {
          String line = lines.readLine();
          if (line == null) {
            throw new IOException("it ended");
          }
          checkText(reader, line, visible, "tail " + query);
          MARK.matcher(line).results().forEach(mark -> missing.remove(mark.group()));
        }
      } catch (IOException e) {
        throw new IOException(describe(reader, query) + ": the tail broke off", e);
      }
      assertThat(missing).as(describe(reader, query)).isEmpty();
    }

    private String describe(Reader reader, String what) {
      return "seed %d, %s of %s: %s".formatted(seed, reader.name, reader.tenant, what);
    }
  }

  private static String comparable(AccessCalls.Answer answer) {
    return answer.status() + answer.text().replaceAll("\"request_id\":\"[^\"]*\"", "");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
