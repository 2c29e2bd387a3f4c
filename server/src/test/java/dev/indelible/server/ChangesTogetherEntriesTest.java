package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Changes that stand and fall together are one record of the control log, and one entry each of the
 * tenant's log, whose ids name the record.
 */
class ChangesTogetherEntriesTest {

  @TempDir Path directory;
  private GovernedServer server;
  private AccessCalls operator;
  private String tenant;
  private String path;

  @BeforeEach
  void start() throws Exception {
    server = new GovernedServer(directory);
    operator = AccessCalls.operator(server);
    tenant = server.newTenant("standard");
    path = "/v1/tenants/" + tenant;
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** The entries of one record, in their order: its newest is of that action. */
  private void assertOneRecord(String newest, String... actions) throws Exception {
    String id = server.newest(tenant, "action:" + newest).path("id").asString();
    String record = id.substring(0, id.lastIndexOf('-'));
    assertThat(id).isEqualTo(record + "-" + (actions.length - 1));
    List<String> found =
        IntStream.range(0, actions.length)
            .mapToObj(i -> entry(record + "-" + i).path("action").asString())
            .toList();
    assertThat(found).containsExactly(actions);
    operator.get(path + "/events/" + record + "-" + actions.length).expect(404);
  }

  private JsonNode entry(String id) {
    try {
      return operator.get(path + "/events/" + id).expect(200).json();
    } catch (Exception e) {
      throw new AssertionError(id, e);
    }
  }

  private void member(String id, String assignment) throws Exception {
    operator
        .post(path + "/members", "{'id':'" + id + "','assignments':[" + assignment + "]}")
        .expect(201);
  }

  @Test
  void theyAreOneRecordAndEverythingVerifies() throws Exception {
    String keys = path + "/keys";
    String old =
        operator
            .post(keys, "{'name':'shop','scopes':['events.write']}")
            .expect(201)
            .json()
            .path("id")
            .asString();
    operator.post(keys + "/" + old + "/rotate", "{}").expect(201);
    assertOneRecord("audit.key.update", "audit.key.create", "audit.key.update");

    String sets = path + "/permission-sets";
    operator.post(sets, "{'id':'readers','permissions':['audit.view']}").expect(201);
    member("ron", "{'permission_set':'readers'}");
    member("rita", "{'permission_set':'readers'},{'role':'owner'}");
    operator.delete(sets + "/readers?reason=tidy").expect(204);
    assertOneRecord(
        "audit.permission_set.remove",
        "audit.member.update",
        "audit.member.update",
        "audit.permission_set.remove");

    AccessCalls rita = operator.signedIn("{'tenant':'" + tenant + "','user':{'id':'rita'}}");
    rita.post(keys, "{'name':'k','permissions':['audit.view']}").expect(201);
    rita.post(path + "/auditor-links", "{'user':{'id':'a'},'reason':'r'}").expect(201);
    operator.delete(path + "/members/rita?revoke_made=true").expect(204);
    assertOneRecord(
        "audit.member.remove", "audit.key.revoke", "audit.auditor_link.end", "audit.member.remove");

    server.expect(
        200, "PUT", path + "/retention", "{\"version\":0,\"reason\":\"r\",\"period\":\"P9Y\"}");
    assertOneRecord("audit.retention.change", "audit.retention.preset", "audit.retention.change");

    server.stop();
    var result = PurgeTest.audit(server.data);
    assertThat(result.broken()).as("%s", result).isFalse();
    server.start();
    assertThat(operator.get(path + "/members").expect(200).json().path("members")).hasSize(1);
    assertThat(server.get(path + "/retention").path("version").asInt()).isEqualTo(2);
  }
}
