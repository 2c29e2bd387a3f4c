package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A product that keeps its audit log on a real server: one tenant of one profile. */
final class Product {

  final GovernedServer server;
  final String tenant;

  /** The path of the tenant. */
  final String path;

  /** The path of its entries. */
  final String events;

  final AccessCalls operator;

  /** The product's backend, which records events. */
  final AccessCalls backend;

  /** A new tenant of a server. */
  Product(GovernedServer server, String profile) throws Exception {
    this.server = server;
    tenant = server.newTenant(profile);
    path = "/v1/tenants/" + tenant;
    events = path + "/events";
    operator = AccessCalls.operator(server);
    backend = operator.key(tenant, "'events.write','audit.view','audit.view_personal'");
  }

  /** Records an event, written with single quotes. */
  void happens(String event) throws Exception {
    backend.post("/v1/events", event).expect(201);
  }

  /** Records an event of a user, with more members after a comma. */
  void does(String user, String action, String more) throws Exception {
    happens(
        "{'action':'%s','actor':{'type':'user','id':'%s','name':'%s'}%s}"
            .formatted(action, user, user.toUpperCase(java.util.Locale.ROOT), more));
  }

  String path(String query) {
    return events + "?limit=1000&q=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
  }

  /** The newest entries first that the query finds, once there are {@code count}. */
  List<JsonNode> entries(String query, int count) throws Exception {
    server.find(tenant, query, count);
    List<JsonNode> entries = new ArrayList<>();
    backend.get(path(query)).expect(200).json().path("entries").forEach(entries::add);
    assertThat(entries).as(query).hasSize(count);
    return entries;
  }

  /** The actions that the query finds, oldest first. */
  List<String> actions(String query, int count) throws Exception {
    List<String> actions = new ArrayList<>();
    entries(query, count).forEach(e -> actions.addFirst(e.path("action").asString()));
    return actions;
  }

  /** Ids of the entries that a caller sees, newest first. */
  List<String> seen(AccessCalls caller, String query) throws Exception {
    List<String> ids = new ArrayList<>();
    caller
        .get(path(query))
        .expect(200)
        .json()
        .path("entries")
        .forEach(e -> ids.add(e.path("id").asString()));
    return ids;
  }

  /** Signs in a member with a role of the profile. */
  AccessCalls member(String role, String accounts) throws Exception {
    return operator.signedIn(
        "{'tenant':'%s','user':{'id':'m-%s'},'roles':['%s']%s}"
            .formatted(
                tenant, role, role, accounts.isEmpty() ? "" : ",'accounts':['" + accounts + "']"));
  }

  /** Records each action once, and finds all of them in their category, none unknown. */
  void hasCategory(String category, String actions) throws Exception {
    String[] names = actions.split(" ");
    for (String name : names) {
      does("u-cat", name, ",'id':'cat-%s','reason':'why'".formatted(name.replace(':', '-')));
    }
    assertThat(actions("actor:u-cat category:" + category + " -flag:unknown_action", names.length))
        .containsExactly(names);
  }

  /** Deletes what is due; the number of entries that went. */
  long purge() throws Exception {
    return server
        .expect(200, "POST", path + "/retention/purge", "{\"reason\":\"due\"}")
        .path("entries")
        .asLong();
  }

  /** Asks for a period of retention that deletes nothing yet. */
  GovernedServer.Answer retention(String period) throws Exception {
    JsonNode now = server.get(path + "/retention");
    return server.call(
        "PUT",
        path + "/retention",
        "{\"version\":%d,\"period\":\"%s\",\"reason\":\"policy\",\"confirm_entries\":0,\"confirm_at\":\"%s\"}"
            .formatted(now.path("version").asLong(), period, server.now()));
  }

  JsonNode profile() throws Exception {
    return server.get(path + "/profile");
  }
}
