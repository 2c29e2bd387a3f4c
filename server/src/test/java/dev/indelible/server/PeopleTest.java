package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** How people are found by what somebody knows of their names, over real HTTP. */
class PeopleTest {

  @TempDir static Path directory;
  private static GovernedServer server;
  private String base;
  private AccessCalls operator;

  @BeforeAll
  static void start() throws Exception {
    server = new GovernedServer(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void recordSome() throws Exception {
    String acme = server.newTenant("standard");
    base = "/v1/tenants/" + acme;
    operator = AccessCalls.operator(server);
    StringBuilder events = new StringBuilder("[");
    for (String name : List.of("Ana Ribeiro", "Ana Ribeiro", "Mariana Costa", "José-Ana Núñez")) {
      events
          .append(events.length() == 1 ? "" : ",")
          .append(
              "{'tenant':'%s','action':'file.deleted','actor':{'type':'user','id':'u_%d','name':'%s'}}"
                  .formatted(acme, name.length(), name));
    }
    operator.post("/v1/events", events.append("]").toString()).expect(201);
    server.find(acme, "action:file.deleted", 4);
  }

  private JsonNode page(AccessCalls who, String q) throws Exception {
    return who.get(base + "/events?q=" + q).expect(200).json();
  }

  @Test
  void whoTypesAPartOfANameIsToldWhomThatMayMean() throws Exception {
    JsonNode page = page(operator, "actor:ana%20outcome:unknown");
    assertThat(page.path("entries")).isEmpty();
    JsonNode hint = page.path("hints").path(0);
    assertThat(hint.path("code").asString()).isEqualTo("begins_with");
    assertThat(hint.path("detail").asString())
        .contains("begins with: Ana Ribeiro (2)", "Núñez (1)");
    assertThat(hint.path("actors")).hasSize(2);
    assertThat(hint.path("actors").path(0).toString())
        .isEqualTo("{\"id\":\"u_11\",\"name\":\"Ana Ribeiro\",\"count\":2}");
    assertThat(page(operator, "actor:nobody").has("hints")).isFalse();
    assertThat(page(operator, "actor:%22ana%20ribeiro%22").path("entries")).hasSize(2);
    assertThat(page(operator, "actor:%22ana%20ribeiro%22%20outcome:failure").has("hints"))
        .as("somebody is called so")
        .isFalse();
  }

  @Test
  void wordsOfNamesAreFoundByAFieldOfTheirOwn() throws Exception {
    assertThat(page(operator, "actor_name:ana").path("entries")).hasSize(3);
    assertThat(page(operator, "actor_name:nunez").path("entries")).hasSize(1);
    assertThat(page(operator, "actor_name:%22Ana%20Rib%22*").path("entries")).hasSize(2);
    assertThat(page(operator, "actor_name:rib").path("entries")).isEmpty();
    assertThat(page(operator, "-actor_name:ana").path("entries").size()).isPositive();
  }

  @Test
  void theBeginningOfAnyWordOfANameCompletesToTheActor() throws Exception {
    String facets = base + "/facets?fields=actor_id,action&prefix=";
    JsonNode found = operator.get(facets + "N%C3%BA").expect(200).json().path("facets");
    assertThat(found.path("actor_id").toString())
        .isEqualTo("[{\"value\":\"u_14\",\"count\":1,\"name\":\"José-Ana Núñez\"}]");
    assertThat(found.path("action")).isEmpty();
    assertThat(operator.get(facets + "u_1").expect(200).json().path("facets").path("actor_id"))
        .hasSize(3);
  }

  @Test
  void whoMayNotSeeNamesIsToldThatTheyCannotBeSearched() throws Exception {
    String made =
        operator
            .post(base + "/keys", "{'name':'facts','permissions':['audit.view']}")
            .expect(201)
            .json()
            .path("secret")
            .asString();
    AccessCalls facts = AccessCalls.nobody(server).bearer(made);
    JsonNode hint = page(facts, "actor:ana").path("hints").path(0);
    assertThat(hint.path("code").asString()).isEqualTo("names_withheld");
    assertThat(hint.path("detail").asString()).contains("audit.view_personal");
    assertThat(hint.has("actors")).isFalse();
    assertThat(facts.get(base + "/events?q=actor_name:ana").expect(403).code())
        .isEqualTo("personal_withheld");
    assertThat(facts.get(base + "/facets?fields=actor_id&prefix=ana").expect(200).text())
        .doesNotContain("Ribeiro", "u_11");
  }

  @Test
  void valuesOfFixedListsTakeAnyCaseAndOthersAreAnsweredWithTheChoices() throws Exception {
    assertThat(page(operator, "verb:Delete").path("entries")).hasSize(4);
    assertThat(operator.get(base + "/events?q=verb:bogus").expect(400).text())
        .contains("verb cannot be bogus", "it is one of approve, ");
    assertThat(operator.get(base + "/events?q=flag:bogus").expect(400).text())
        .contains("unknown_action");
    assertThat(operator.get(base + "/events?q=user:ana").expect(400).text())
        .contains("did you mean actor:?");
    assertThat(operator.get(base + "/events?q=resource_type:file").expect(400).text())
        .contains("did you mean target_type:?");
  }

  @Test
  void aValueThatNoEntryHasIsAnsweredWithThoseThatThereAre() throws Exception {
    String acme = base.substring(base.lastIndexOf('/') + 1);
    operator
        .post(
            "/v1/events",
            "[{'tenant':'%1$s','action':'label.added','actor':{'type':'user','id':'u','roles':['agent']},'targets':[{'type':'label','id':'l'}]}]"
                .formatted(acme))
        .expect(201);
    server.find(acme, "action:label.added", 1);
    JsonNode hint = page(operator, "role:Agnet%20outcome:unknown").path("hints").path(0);
    assertThat(hint.toString())
        .as("the operator, who made the tenant, is there too")
        .startsWith(
            "{\"code\":\"no_such_value\",\"field\":\"role\",\"value\":\"Agnet\",\"detail\":"
                + "\"no entry has the role Agnet; there are: agent (1), operator (")
        .contains("\"values\":[{\"value\":\"agent\",\"count\":1},{\"value\":\"operator\"");
    assertThat(page(operator, "target_type:lable").path("hints").path(0).path("detail").asString())
        .startsWith("no entry has the target type lable; there are: label (1)");
    assertThat(page(operator, "category:nope,other%20action:fiel.*").path("hints"))
        .extracting(each -> each.path("field").asString() + "=" + each.path("value").asString())
        .containsExactly("category=nope", "action=fiel.*");
    assertThat(page(operator, "model:gpt").path("hints").path(0).path("detail").asString())
        .isEqualTo("no entry has the model gpt; none has any");
    assertThat(page(operator, "role:agent%20outcome:failure").has("hints"))
        .as("an entry has it")
        .isFalse();
  }

  @Test
  void whatIsStoredIsWrittenAsEntriesHaveIt() throws Exception {
    for (String query : List.of("verb:Delete", "verb:bogus")) {
      String hold = "{'name':'n','reason':'r','query':'%s'}".formatted(query);
      assertThat(operator.post(base + "/holds", hold).expect(422).text())
          .contains("verb cannot be");
      String session = "{'user':{'id':'u'},'filter':'%s'}".formatted(query);
      assertThat(operator.post(base + "/viewer-sessions", session).expect(422).text())
          .contains("verb cannot be");
    }
    operator.post(base + "/holds", "{'name':'n','reason':'r','query':'verb:delete'}").expect(201);
  }
}
