package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.retention.DeletionSteps.Step;
import dev.indelible.testing.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Files of exports at the end of their time, and of what they hold. */
class ExportDeletionTest {

  private static final String EXPORTS = "/v1/tenants/acme/exports";

  @TempDir Path directory;
  private GovernedServer server;
  private AccessCalls operator;

  @BeforeEach
  void begin() throws Exception {
    server = new GovernedServer(directory);
    server.tenant("acme", "msp");
    operator = AccessCalls.operator(server);
  }

  @AfterEach
  void end() {
    server.close();
  }

  private JsonNode job(String id) throws Exception {
    return operator.call("GET", EXPORTS + "/" + id, "").expect(200).json();
  }

  private void done(String id, String more) throws Exception {
    operator
        .post(EXPORTS, "{'id':'" + id + "','format':'json','reason':'r'" + more + "}")
        .expect(202);
    JsonNode job =
        Eventually.see(
            "the end of " + id,
            () -> job(id),
            seen -> !List.of("waiting", "running").contains(seen.path("state").asString()));
    assertThat(job.path("state").asString()).as(job.toString()).isEqualTo("done");
  }

  private Path file(String id) {
    return server.data.resolve("exports").resolve("acme").resolve(id).resolve("file");
  }

  @Test
  void aPurgeTakesAwayFilesThatHoldWhatItDeletesAndNoOthers() throws Exception {
    server.record("acme", "old", "user.login", "u_1", "Ana");
    server.advance(Duration.ofDays(3_000));
    server.record("acme", "new", "user.login", "u_2", "Bo");
    server.find("acme", "id:new", 1);
    done("both", ",'query':'action:user.login'");
    done("one", ",'query':'id:new'");
    boolean[] gone = {false, false};
    server.steps =
        step -> {
          if (step == Step.REWRITTEN) {
            gone[0] = !Files.exists(file("both"));
          } else if (step == Step.EXPUNGED) {
            gone[1] = !Files.exists(file("both"));
          }
        };
    operator.post("/v1/tenants/acme/retention/purge", "{'reason':'r'}").expect(200);
    assertThat(gone).containsExactly(false, true); // before the purge is done
    assertThat(job("both").path("state").asString()).isEqualTo("withdrawn");
    assertThat(operator.call("GET", EXPORTS + "/both/file", "").expect(410).code())
        .isEqualTo("export_gone");
    assertThat(job("one").path("state").asString()).isEqualTo("done");
    operator.call("GET", EXPORTS + "/one/file", "").expect(200);
    JsonNode entry = server.newest("acme", "action:audit.export.withdrawn");
    assertThat(entry.path("targets").get(0).path("id").asString()).isEqualTo("both");
    assertThat(entry.path("details").path("had_left").asBoolean()).isFalse();
    server.stop();
    server.start();
    assertThat(AccessCalls.operator(server).get(EXPORTS + "/both").json().path("state").asString())
        .isEqualTo("withdrawn");
  }

  @Test
  void aFileIsKeptForAsLongAsTheSettingSays() throws Exception {
    server.record("acme", "a", "user.login", "u_1", "Ana");
    done("first", "");
    assertThat(file("first")).exists();
    server.advance(Duration.ofDays(8));
    done("second", ""); // whose worker looks for what is over
    JsonNode expired =
        Eventually.see(
            "the end of the file",
            () -> job("first"),
            seen -> seen.path("state").asString().equals("expired"));
    assertThat(expired.path("file").isMissingNode()).isTrue();
    assertThat(operator.call("GET", EXPORTS + "/first/file", "").expect(410).code())
        .isEqualTo("export_gone");
    assertThat(file("first")).doesNotExist();
    assertThat(file("second")).exists();
  }

  @Test
  void whatIsDeletedOrCanceledHasNoFile() throws Exception {
    server.record("acme", "a", "user.login", "u_1", "Ana");
    done("first", "");
    operator.delete(EXPORTS + "/first").expect(204);
    operator.call("GET", EXPORTS + "/first", "").expect(404);
    assertThat(file("first").getParent()).doesNotExist();
    operator.post(EXPORTS, "{'id':'second','format':'csv','reason':'r'}").expect(202);
    operator.post(EXPORTS + "/second/cancel", "").expect(200);
    JsonNode job =
        Eventually.see(
            "its end",
            () -> job("second"),
            seen -> !List.of("waiting", "running").contains(seen.path("state").asString()));
    assertThat(job.path("state").asString()).isIn("canceled", "done");
    if (job.path("state").asString().equals("canceled")) {
      Eventually.see("no files", () -> Files.exists(file("second")), there -> !there);
    }
  }
}
