package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.testing.Eventually;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A deletion over HTTP. It concerns entries of tenant acme, and none of tenant other. */
enum DeletionJob {
  /** Retention. */
  PURGE {
    @Override
    void prepare(GovernedServer server) throws Exception {
      super.prepare(server);
      server.advance(Duration.ofDays(500));
      server.record("acme", "new", "user.login", "u_new", "Newton");
      server.record("other", "new", "user.login", "u_new", "Newton");
    }

    @Override
    void run(GovernedServer server) throws Exception {
      server.expect(200, "POST", "/v1/tenants/acme/retention/purge", "{\"reason\":\"due\"}");
    }

    @Override
    boolean isPromised(GovernedServer server) {
      return false;
    }

    @Override
    void assertFinished(GovernedServer server, String where) throws Exception {
      assertThat(server.find("acme", "action:audit.entries.purge", 1)).as(where).hasSize(1);
      assertThat(server.find("acme", "action:user.login", 1)).as(where).containsExactly("new");
      assertThat(server.call("GET", "/v1/tenants/acme/events/acme1", "").status())
          .as(where)
          .isEqualTo(404);
    }
  },

  /** A person's request. */
  ERASURE {
    @Override
    void prepare(GovernedServer server) throws Exception {
      super.prepare(server);
      server.expect(
          201,
          "POST",
          ERASURES,
          "{\"identifiers\":[\"u_old\",\"Anastasia\"],\"reason\":\"ticket 9\"}");
    }

    @Override
    List<byte[]> needles(GovernedServer server) throws Exception {
      List<byte[]> needles = new ArrayList<>();
      for (int i = 0; i < OLD; i++) {
        needles.add(salt(server, i, "personal"));
      }
      needles.add("Anastasia".getBytes(StandardCharsets.UTF_8));
      needles.add("anastasia".getBytes(StandardCharsets.UTF_8));
      return needles;
    }

    private JsonNode erasure(GovernedServer server) throws Exception {
      return server.get(ERASURES).path("erasures").get(0);
    }

    @Override
    void run(GovernedServer server) throws Exception {
      String path = ERASURES + "/" + erasure(server).path("id").asString() + "/approve";
      server.expect(200, "POST", path, "{\"reason\":\"checked\"}");
    }

    @Override
    boolean isPromised(GovernedServer server) throws Exception {
      return !erasure(server).path("state").asString().equals("received");
    }

    @Override
    void assertFinished(GovernedServer server, String where) throws Exception {
      Eventually.see(
          where + ": the erasure is fulfilled",
          () -> erasure(server),
          erasure -> erasure.path("state").asString().equals("fulfilled"));
      assertThat(erasure(server).path("entries").asLong()).as(where).isEqualTo(OLD);
      assertThat(erasure(server).path("records")).as(where).hasSize(1);
      assertThat(server.find("acme", "action:audit.personal.erase", 1)).as(where).hasSize(1);
      assertThat(server.find("acme", "action:user.login actor:u_old", OLD)).as(where).hasSize(OLD);
      // By the beginning of the name: the operator's search is an entry, which would name her.
      assertThat(server.find("acme", "Anastasi*", 0)).as(where).isEmpty();
    }
  },

  /** The end of the tenant. */
  OFFBOARDING {
    @Override
    void prepare(GovernedServer server) throws Exception {
      super.prepare(server);
      AccessCalls operator = AccessCalls.operator(server);
      operator
          .post(
              "/v1/tenants/acme/members",
              "{'id':'u_m','name':'Leonora','reason':'r','assignments':[{'role':'admin'}]}")
          .expect(201);
      AccessCalls viewer = operator.viewer("acme", "{'user':{'id':'u_v','name':'Leonora'}}");
      viewer.get("/v1/tenants/acme/events").expect(200);
    }

    @Override
    List<byte[]> needles(GovernedServer server) throws Exception {
      List<byte[]> needles = new ArrayList<>(super.needles(server));
      needles.add("Leonora".getBytes(StandardCharsets.UTF_8));
      return needles;
    }

    @Override
    void run(GovernedServer server) throws Exception {
      server.expect(200, "DELETE", "/v1/tenants/acme?reason=over&confirm=acme", "");
    }

    @Override
    boolean isPromised(GovernedServer server) throws Exception {
      return server.call("GET", "/v1/tenants/acme", "").status() == 404;
    }

    @Override
    void assertFinished(GovernedServer server, String where) throws Exception {
      Eventually.see(
          where + ": the tenant is deleted",
          () -> server.get("/v1/closed-tenants").path("tenants"),
          closed -> closed.path(0).path("state").asString("").equals("deleted"));
      JsonNode certificate = server.get("/v1/closed-tenants/acme/certificate");
      assertThat(certificate.path("deleted").path("retention").asString())
          .as(where)
          .isEqualTo("offboarding");
    }
  };

  private static final String ERASURES = "/v1/tenants/acme/erasures";
  private static final int OLD = 4;

  /** Records what the deletion concerns and what it does not, in runs and in the journal. */
  void prepare(GovernedServer server) throws Exception {
    for (String tenant : List.of("acme", "other")) {
      server.tenant(tenant, "msp");
      record(server, tenant, 0);
      record(server, tenant, 1);
    }
    server.stop(); // Seals what is in memory.
    server.start();
    for (String tenant : List.of("acme", "other")) {
      record(server, tenant, 2);
      record(server, tenant, 3);
    }
  }

  private static void record(GovernedServer server, String tenant, int i) throws Exception {
    String name = tenant.equals("acme") ? "Anastasia" : "Boleslav";
    server.record(tenant, tenant + i, "user.login", "u_old", name);
  }

  /** Bytes that no file holds once it is finished. */
  List<byte[]> needles(GovernedServer server) throws Exception {
    List<byte[]> needles = new ArrayList<>();
    for (int i = 0; i < OLD; i++) {
      needles.add(salt(server, i, "facts"));
      needles.add(salt(server, i, "personal"));
      needles.add("note-of-acme%d".formatted(i).getBytes(StandardCharsets.UTF_8));
    }
    return needles;
  }

  private static byte[] salt(GovernedServer server, int i, String part) throws Exception {
    return RawFiles.salt(server.get("/v1/tenants/acme/events/acme" + i + "/proof"), part);
  }

  /** Runs the job; it is finished when this returns. */
  abstract void run(GovernedServer server) throws Exception;

  /** Whether the configuration says that it is to be done, whatever became of it. */
  abstract boolean isPromised(GovernedServer server) throws Exception;

  /** Waits for the end of it. */
  abstract void assertFinished(GovernedServer server, String where) throws Exception;

  /** Asserts that the job has not begun. */
  final void assertUntouched(GovernedServer server, String where) throws Exception {
    for (int i = 0; i < OLD; i++) {
      JsonNode entry = server.get("/v1/tenants/acme/events/acme" + i);
      assertThat(entry.path("actor").path("name").asString()).as(where).isEqualTo("Anastasia");
    }
    assertThat(server.findSettled("acme", "action:audit.entries.purge")).as(where).isEmpty();
    assertThat(server.findSettled("acme", "action:audit.personal.erase")).as(where).isEmpty();
  }

  /** Asserts that nothing happened to the other tenant. */
  final void assertOthersUntouched(GovernedServer server, String where) throws Exception {
    for (int i = 0; i < OLD; i++) {
      JsonNode entry = server.get("/v1/tenants/other/events/other" + i);
      assertThat(entry.path("actor").path("name").asString()).as(where).isEqualTo("Boleslav");
      assertThat(entry.path("details").path("note").asString())
          .as(where)
          .isEqualTo("note-of-other" + i);
    }
  }
}
