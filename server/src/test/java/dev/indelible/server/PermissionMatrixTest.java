package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.profile.Permission;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Every operation of the contract against every kind of caller, over real HTTP. What an operation
 * needs is its {@code x-permission}; an operation without one fails here, and so does one whose
 * handler asks for something else than the contract says.
 */
class PermissionMatrixTest {

  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
  private static final Set<String> NO_PERMISSION = Set.of("any", "none", "operator");

  /** Need the permission for the whole tenant, though it can be held for an account. */
  private static final Set<String> WHOLE_LOG =
      Set.of("getTile", "exportLogEntries", "listHolds", "getHold", "getOversight");

  /** Answer keys alone, whoever else has the permission. */
  private static final Set<String> KEYS_ALONE =
      Set.of("createViewerSession", "listViewerSessions", "endViewerSession");

  /** Bodies to send where an empty object would not come as far as the decision. */
  private static final Map<String, String> BODIES =
      Map.of("createSignInLink", "{'tenant':'TENANT'}");

  private static final String SCHEDULE =
      "{'name':'s','cron':'0 6 * *"
          + " *','zone':'UTC','format':'csv','query':'FILTER','destination':{'type':'inbox'}}";

  private static final String STREAM =
      "{'name':'s','query':'FILTER','destination':{'type':'webhook','url':'http://127.0.0.1:9/x'}}";

  private static final String REVIEW =
      "{'name':'r','what':'query','value':'FILTER','reviewer':'a','answerable':'b','every':'P3M',"
          + "'due':'2026-12-01T00:00:00Z'}";

  /**
   * Operations that take a query, or names of a person, by which they filter, count or mark
   * entries: the rest of the address, and the body, with {@code FILTER} in the place of it.
   */
  private static final Map<String, List<String>> FILTERED =
      Map.ofEntries(
          Map.entry("searchEvents", List.of("?q=FILTER", "")),
          Map.entry("getHistogram", List.of("?q=FILTER", "")),
          Map.entry("getFacets", List.of("?q=FILTER", "")),
          Map.entry("tailEvents", List.of("?after_seq=x&q=FILTER", "")),
          Map.entry("exportEvents", List.of("?q=FILTER", "")),
          Map.entry("createExport", List.of("", "{'format':'csv','query':'FILTER'}")),
          Map.entry("previewExport", List.of("", "{'format':'csv','query':'FILTER'}")),
          Map.entry("createViewerSession", List.of("", "{'user':{'id':'v'},'filter':'FILTER'}")),
          Map.entry(
              "createAuditorLink",
              List.of(
                  "",
                  "{'user':{'id':'a'},'permissions':['audit.view'],'filter':'FILTER','reason':'r'}")),
          Map.entry(
              "createSupportGrant",
              List.of(
                  "",
                  "{'user':{'id':'s'},'permissions':['audit.view'],'filter':'FILTER','reason':'r'}")),
          Map.entry("applyHold", List.of("", "{'name':'h','query':'FILTER','reason':'r'}")),
          Map.entry("createSavedView", List.of("", "{'name':'w','q':'FILTER'}")),
          Map.entry("changeSavedView", List.of("", "{'name':'w','q':'FILTER'}")),
          Map.entry("createSchedule", List.of("", SCHEDULE)),
          Map.entry("changeSchedule", List.of("", SCHEDULE)),
          Map.entry("createStream", List.of("", STREAM)),
          Map.entry("changeStream", List.of("", STREAM)),
          Map.entry("createReview", List.of("", REVIEW)),
          Map.entry("changeReview", List.of("", REVIEW)),
          Map.entry("receiveErasure", List.of("", "{'identifiers':['FILTER']}")),
          Map.entry("createSubjectReport", List.of("", "{'identifiers':['FILTER'],'reason':'r'}")));

  /** Operations that name the person in every case; there is no harmless one. */
  private static final Set<String> OF_A_PERSON = Set.of("receiveErasure", "createSubjectReport");

  /** Ends the very session that asks. */
  private static final String SIGN_OUT = "signOut";

  private record Operation(String id, String method, String path, String permission) {

    AccessCalls.Answer call(AccessCalls caller, String tenant) throws Exception {
      String body =
          method.equals("GET") || method.equals("DELETE")
              ? ""
              : BODIES.getOrDefault(id, "{}").replace("TENANT", tenant).replace('\'', '"');
      // A tail goes on for ever; this one is refused after the decision.
      String query = id.equals("tailEvents") ? "?after_seq=x" : "";
      return caller.call(
          method,
          path.replace("{tenant}", tenant).replaceAll("\\{[a-z_]+\\}", "none") + query,
          body);
    }

    boolean namesTenant() {
      return path.contains("{tenant}");
    }

    @Override
    public String toString() {
      return id + " (" + permission + ")";
    }
  }

  @TempDir static Path directory;
  private static GovernedServer server;
  private static AccessCalls operator;
  private static List<Operation> operations;

  @BeforeAll
  static void start() throws Exception {
    server = new GovernedServer(directory, Map.of(Setting.DELIVER_ALLOW_PRIVATE, "127.0.0.1/32"));
    for (String tenant : List.of("acme", "other")) {
      server.tenant(tenant, "standard");
    }
    operator = AccessCalls.operator(server);
    operations = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path :
        operator.get("/openapi.json").json().path("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        if (METHODS.contains(operation.getKey())) {
          operations.add(
              new Operation(
                  operation.getValue().path("operationId").asString(),
                  operation.getKey().toUpperCase(Locale.ROOT),
                  path.getKey(),
                  operation.getValue().path("x-permission").asString("")));
        }
      }
    }
    assertThat(operations).hasSizeGreaterThan(70);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static boolean isForbidden(AccessCalls.Answer answer) {
    return answer.status() == 403 && !answer.code().equals("more_than_own");
  }

  private static AccessCalls key(String tenant, Set<Permission> permissions) throws Exception {
    return operator.key(
        tenant,
        permissions.stream()
            .map(permission -> "'" + permission.jsonName() + "'")
            .collect(Collectors.joining(",")));
  }

  @Test
  void everyOperationNamesWhatItNeeds() {
    Set<String> known = new TreeSet<>(NO_PERMISSION);
    for (Permission permission : Permission.values()) {
      known.add(permission.jsonName());
    }
    assertThat(operations)
        .allSatisfy(operation -> assertThat(operation.permission()).as(operation.id()).isIn(known));
    assertThat(operations.stream().map(Operation::permission).distinct()).hasSizeGreaterThan(12);
  }

  @Test
  void nobodyGetsIn() throws Exception {
    for (AccessCalls nobody :
        List.of(
            AccessCalls.nobody(server),
            AccessCalls.nobody(server).bearer("ik_aaaaaaaaaaaa_" + "a".repeat(43)),
            AccessCalls.nobody(server).bearer("iv_aaaaaaaaaaaa_" + "a".repeat(43)),
            AccessCalls.nobody(server).browser("is_aaaaaaaaaaaa_" + "a".repeat(43)))) {
      for (Operation operation : operations) {
        int status = operation.call(nobody, "acme").status();
        if (operation.permission().equals("none")) {
          assertThat(status).as(operation.toString()).isNotIn(401, 403);
        } else {
          assertThat(status).as(operation.toString()).isEqualTo(401);
        }
      }
    }
  }

  @Test
  void aKeyWithOnePermissionDoesWhatNeedsItAndNothingElse() throws Exception {
    for (Permission permission : Permission.values()) {
      AccessCalls key = key("acme", Set.of(permission));
      for (Operation operation : operations) {
        AccessCalls.Answer answer = operation.call(key, "acme");
        boolean allowed =
            Set.of("any", "none", permission.jsonName()).contains(operation.permission());
        assertThat(answer.status()).as("%s with %s", operation, permission).isNotEqualTo(401);
        assertThat(isForbidden(answer))
            .as("%s with %s: %s", operation, permission, answer.text())
            .isEqualTo(!allowed);
      }
    }
  }

  @Test
  void aKeyThatLacksOnePermissionDoesAllButWhatNeedsIt() throws Exception {
    for (Permission missing : Permission.values()) {
      Set<Permission> others = new TreeSet<>(Arrays.asList(Permission.values()));
      others.remove(missing);
      AccessCalls key = key("acme", others);
      for (Operation operation : operations) {
        boolean allowed =
            !operation.permission().equals("operator")
                && !operation.permission().equals(missing.jsonName());
        AccessCalls.Answer answer = operation.call(key, "acme");
        assertThat(isForbidden(answer))
            .as("%s without %s: %s", operation, missing, answer.text())
            .isEqualTo(!allowed);
      }
    }
  }

  private static JsonNode resolved(JsonNode contract, JsonNode schema) {
    String reference = schema.path("$ref").asString("");
    return reference.isEmpty() ? schema : contract.at(reference.substring(1));
  }

  /** Every operation of the contract that takes a query or names of a person. */
  private static Set<String> takingAFilter() throws Exception {
    JsonNode contract = operator.get("/openapi.json").json();
    Set<String> found = new TreeSet<>();
    for (JsonNode path : contract.path("paths")) {
      for (JsonNode operation : path) {
        List<JsonNode> names = new ArrayList<>();
        for (JsonNode parameter : operation.path("parameters")) {
          names.add(resolved(contract, parameter).path("name"));
        }
        JsonNode body =
            resolved(contract, operation.at("/requestBody/content/application~1json/schema"));
        Set<String> all = names.stream().map(name -> name.asString("")).collect(Collectors.toSet());
        all.addAll(body.path("properties").propertyNames());
        if (all.stream()
            .anyMatch(Set.of("q", "query", "filter", "identifiers", "value")::contains)) {
          found.add(operation.path("operationId").asString());
        }
      }
    }
    return found;
  }

  @Test
  void whateverFiltersCountsOrMarksEntriesAsksForThePermissionToSeeWhatIsPersonal()
      throws Exception {
    assertThat(FILTERED.keySet()).isEqualTo(takingAFilter());
    server.tenant("desk", "kimondesk");
    AccessCalls admin = operator.signedIn("{'tenant':'desk','user':{'id':'o'},'roles':['admin']}");
    admin.call("PATCH", "/v1/tenants/desk", "{\"support_access\":true}").expect(200);
    Set<Permission> others = new TreeSet<>(Arrays.asList(Permission.values()));
    others.remove(Permission.AUDIT_VIEW_PERSONAL);
    AccessCalls reader = key("desk", others);
    AccessCalls officer = key("desk", Set.of(Permission.values()));
    Map<String, String> readers = thingsOf(reader);
    Map<String, String> officers = thingsOf(officer);
    for (Operation operation : operations) {
      List<String> request = FILTERED.get(operation.id());
      if (request == null) {
        continue;
      }
      for (String personal : List.of("zelda", "-zelda", "ip:203.0.113.9", "actor:u_7")) {
        AccessCalls.Answer answer = filtered(reader, operation, request, readers, personal);
        assertThat(answer.status())
            .as("%s by %s: %s", operation, personal, answer.text())
            .isEqualTo(403);
        assertThat(answer.code()).isEqualTo("personal_withheld");
        assertThat(filtered(officer, operation, request, officers, personal).status())
            .as("%s by %s, who may", operation, personal)
            .isIn(200, 201, 202, operation.id().equals("tailEvents") ? 400 : 200);
      }
      if (!OF_A_PERSON.contains(operation.id())) {
        AccessCalls.Answer answer = filtered(reader, operation, request, readers, "action:x");
        assertThat(answer.status())
            .as("%s: %s", operation, answer.text())
            .isIn(200, 201, 202, operation.id().equals("tailEvents") ? 400 : 200);
      }
    }
  }

  /** Things of a caller that operations with a query change, by the names in their paths. */
  private static Map<String, String> thingsOf(AccessCalls caller) throws Exception {
    return Map.of(
        "{view_id}",
        made(caller, "views", "{'name':'w','q':'action:x'}"),
        "{schedule}",
        made(caller, "schedules", SCHEDULE.replace("FILTER", "action:x")),
        "{stream}",
        made(caller, "streams", STREAM.replace("FILTER", "action:x")),
        "{review}",
        made(caller, "reviews", REVIEW.replace("FILTER", "action:x")));
  }

  private static String made(AccessCalls caller, String what, String body) throws Exception {
    return caller.post("/v1/tenants/desk/" + what, body).expect(201).json().path("id").asString();
  }

  private static AccessCalls.Answer filtered(
      AccessCalls caller,
      Operation operation,
      List<String> request,
      Map<String, String> things,
      String filter)
      throws Exception {
    String path = operation.path().replace("{tenant}", "desk");
    for (Map.Entry<String, String> thing : things.entrySet()) {
      path = path.replace(thing.getKey(), thing.getValue());
    }
    String body = request.get(1).replace("FILTER", filter).replace('\'', '"');
    return caller.call(operation.method(), path + request.get(0).replace("FILTER", filter), body);
  }

  @Test
  void anOperatorIsRefusedNothing() throws Exception {
    for (Operation operation : operations) {
      AccessCalls.Answer answer = operation.call(operator, "acme");
      assertThat(answer.status()).as("%s: %s", operation, answer.text()).isNotIn(401, 403);
    }
  }

  @Test
  void anotherTenantIsAsOneThatDoesNotExist() throws Exception {
    Set<Permission> all = Set.of(Permission.values());
    Map<String, AccessCalls> callers = new LinkedHashMap<>();
    callers.put("key", key("acme", all));
    callers.put("member", member("owner", ""));
    callers.put(
        "viewer",
        operator.viewer("acme", "{'user':{'id':'v'},'permissions':['audit.view','audit.verify']}"));
    for (Map.Entry<String, AccessCalls> caller : callers.entrySet()) {
      for (Operation operation : operations) {
        if (operation.namesTenant() && !operation.permission().equals("operator")) {
          AccessCalls.Answer other = operation.call(caller.getValue(), "other");
          assertThat(other.status())
              .as("%s by %s", operation, caller.getKey())
              .isIn(404, operation.permission().equals("none") ? other.status() : 404);
          assertThat(comparable(other))
              .as("%s by %s", operation, caller.getKey())
              .isEqualTo(comparable(operation.call(caller.getValue(), "ghost")));
        }
      }
    }
  }

  private static String comparable(AccessCalls.Answer answer) {
    return answer.status() + answer.text().replaceAll("\"request_id\":\"[^\"]*\"", "");
  }

  private static AccessCalls member(String role, String accounts) throws Exception {
    return operator.signedIn(
        "{'tenant':'acme','user':{'id':'m_%s'},'roles':['%s']%s}"
            .formatted(role, role, accounts.isEmpty() ? "" : ",'accounts':['" + accounts + "']"));
  }

  @Test
  void everyRoleOfEveryProfileDoesWhatItsPermissionSetsSay() throws Exception {
    for (JsonNode head : operator.get("/v1/profiles").json().path("profiles")) {
      String profile = head.path("id").asString();
      String tenant = "of-" + profile;
      server.tenant(tenant, profile);
      JsonNode whole = operator.get("/v1/tenants/" + tenant + "/profile").expect(200).json();
      for (JsonNode role : whole.path("roles")) {
        boolean inAccount = role.path("scope").asString().equals("account");
        Set<String> permissions = permissions(whole, role);
        if (inAccount) {
          permissions.removeIf(
              name ->
                  !Set.of("audit.view", "audit.view_personal", "audit.export", "audit.verify")
                      .contains(name));
        }
        AccessCalls member =
            operator.signedIn(
                "{'tenant':'%s','user':{'id':'m'},'roles':['%s']%s}"
                    .formatted(
                        tenant, role.path("id").asString(), inAccount ? ",'accounts':['eu']" : ""));
        for (Operation operation : operations) {
          if (operation.id().equals(SIGN_OUT)) {
            continue;
          }
          boolean allowed =
              (Set.of("any", "none").contains(operation.permission())
                      || permissions.contains(operation.permission()))
                  && !KEYS_ALONE.contains(operation.id())
                  && !(inAccount && WHOLE_LOG.contains(operation.id()));
          AccessCalls.Answer answer = operation.call(member, tenant);
          assertThat(isForbidden(answer))
              .as("%s by %s of %s: %s", operation, role.path("id"), profile, answer.text())
              .isEqualTo(!allowed);
        }
      }
    }
  }

  private static Set<String> permissions(JsonNode profile, JsonNode role) {
    Set<String> permissions = new TreeSet<>();
    for (JsonNode name : role.path("permission_sets")) {
      for (JsonNode set : profile.path("permission_sets")) {
        if (set.path("id").equals(name)) {
          set.path("permissions").forEach(permission -> permissions.add(permission.asString()));
        }
      }
    }
    return permissions;
  }

  @Test
  void readersOfOneAccountAreToldNothingOfAnother() throws Exception {
    for (String account : List.of("eu", "us")) {
      operator
          .post(
              "/v1/events",
              "{'tenant':'acme','id':'in-%s','account':'%s','action':'a.b','actor':{'type':'system'}}"
                  .formatted(account, account))
          .expect(201);
    }
    server.find("acme", "id:in-eu,in-us", 2);
    Map<String, AccessCalls> readers = new LinkedHashMap<>();
    readers.put("account admin", member("account_admin", "eu"));
    readers.put(
        "viewer",
        operator.viewer(
            "acme",
            "{'user':{'id':'v'},'accounts':['eu'],'permissions':['audit.view','audit.verify','audit.export']}"));
    for (Map.Entry<String, AccessCalls> reader : readers.entrySet()) {
      AccessCalls calls = reader.getValue();
      int own = 0;
      for (Operation operation : operations) {
        if (!operation.method().equals("GET")
            || !operation.namesTenant()
            || operation.id().equals("tailEvents")) {
          continue;
        }
        String path = operation.path().replace("{tenant}", "acme");
        AccessCalls.Answer visible =
            calls.get(path.replace("{id}", "in-eu").replaceAll("\\{[a-z_]+\\}", "none"));
        AccessCalls.Answer hidden =
            calls.get(path.replace("{id}", "in-us").replaceAll("\\{[a-z_]+\\}", "none"));
        own += visible.text().contains("in-eu") ? 1 : 0;
        assertThat(hidden.text())
            .as("%s by %s", operation, reader.getKey())
            .doesNotContain("in-us");
        if (path.contains("{id}")) {
          AccessCalls.Answer never =
              calls.get(path.replace("{id}", "never").replaceAll("\\{[a-z_]+\\}", "none"));
          assertThat(comparable(hidden))
              .as("%s by %s", operation, reader.getKey())
              .isEqualTo(comparable(never));
        }
      }
      assertThat(own).as("answers with one's own entry, by %s", reader.getKey()).isGreaterThan(2);
    }
  }
}
