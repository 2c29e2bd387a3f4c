package dev.indelible.server.api.evidence;

import dev.indelible.server.api.caller.AccessRecording;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.event.Event;
import dev.indelible.server.evidence.story.Reversal;
import dev.indelible.server.evidence.story.Reversals;
import dev.indelible.server.evidence.story.Stories;
import dev.indelible.server.evidence.story.Stories.About;
import dev.indelible.server.evidence.story.Story;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.json.Rfc3339;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.search.Found;
import dev.indelible.server.search.Search;
import dev.indelible.server.takeout.EntryWriter;
import dev.indelible.server.takeout.Taker;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Stories of sessions, persons and objects, and how one entry can be undone. */
public final class StoryRoutes {

  private final Callers callers;
  private final Stories stories;
  private final Reversals reversals;
  private final EntryWriter entries;
  private final AccessRecording recording;

  public StoryRoutes(
      Callers callers, Search search, EntryWriter entries, AccessRecording recording) {
    this.callers = callers;
    this.stories = new Stories(search);
    this.reversals = new Reversals(search);
    this.entries = entries;
    this.recording = recording;
  }

  public List<Route> routes() {
    String tenant = "/v1/tenants/{tenant}";
    return List.of(
        new Route(
            "GET",
            tenant + "/story",
            "getStory",
            List.of("session", "person", "object", "from", "to"),
            this::story),
        new Route("GET", tenant + "/events/{id}/reversal", "getReversal", this::reversal));
  }

  private void story(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireReader(exchange, Permission.AUDIT_VIEW);
    String query = query(exchange);
    Taker taker = callers.taker(exchange, allowed, Permission.AUDIT_VIEW);
    Story story =
        stories.tell(
            allowed.scope(),
            new Stories.Wanted(
                query,
                exchange.query().instant("from").orElse(null),
                exchange.query().instant("to").orElse(null)),
            taker.turns());
    recording.searched(exchange, allowed, query, story.entries());
    try (OutputStream out = exchange.respondStream(200, "application/json")) {
      out.write(utf8("{\"entries\":" + story.entries() + ",\"complete\":" + story.complete()));
      out.write(utf8(",\"query\":" + JsonNodeFactory.instance.stringNode(query)));
      out.write(utf8(",\"passages\":["));
      String before = "";
      for (Story.Passage passage : story.passages()) {
        out.write(utf8(before));
        write(passage, out);
        before = ",";
      }
      out.write(utf8("]}"));
    }
  }

  private void write(Story.Passage passage, OutputStream out) throws IOException {
    out.write(
        utf8(
            "{\"count\":%d,\"from\":\"%s\",\"to\":\"%s\",\"entry\":"
                .formatted(
                    passage.count(),
                    Rfc3339.format(passage.from()),
                    Rfc3339.format(passage.to()))));
    entries.write(passage.first(), out);
    if (passage.count() > 1) {
      ArrayNode ids = JsonNodeFactory.instance.arrayNode();
      passage.ids().forEach(ids::add);
      out.write(utf8(",\"ids\":" + ids));
    }
    out.write('}');
  }

  private static String query(Exchange exchange) {
    List<String> queries = new ArrayList<>();
    for (About about : About.values()) {
      exchange
          .query()
          .text(about.name().toLowerCase(Locale.ROOT))
          .filter(subject -> !subject.isBlank())
          .ifPresent(subject -> queries.add(about.query(subject)));
    }
    if (queries.isEmpty()) {
      throw ProblemException.invalidParameter(
          "session", "Say whose story: session, person (an id) or object (type/id).");
    }
    return String.join(" ", queries);
  }

  private void reversal(Exchange exchange) throws IOException {
    Callers.Allowed allowed = callers.requireReader(exchange, Permission.AUDIT_VIEW);
    Reversal reversal =
        callers
            .read(allowed, () -> reversals.of(allowed.scope(), exchange.pathParameter("id")))
            .orElseThrow(
                () -> new ProblemException(404, "not_found", "There is no entry of this id."));
    recording.entry(exchange, allowed, reversal.entry().shown());
    ObjectNode json = json(reversal);
    try (OutputStream out = exchange.respondStream(200, "application/json")) {
      String text = JsonMapper.shared().writeValueAsString(json);
      out.write(utf8(text.substring(0, text.length() - 1) + ",\"later\":["));
      String before = "";
      for (Found later : reversal.later()) {
        out.write(utf8(before));
        entries.write(later, out);
        before = ",";
      }
      out.write(utf8("]}"));
    }
  }

  private static ObjectNode json(Reversal reversal) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("entry", reversal.entry().shown().id());
    json.put("action", reversal.entry().shown().event().action());
    json.put("reversible", !reversal.inverse().isEmpty() && reversal.unknown().isEmpty());
    ObjectNode inverse = json.putObject("inverse");
    reversal
        .target()
        .ifPresent(
            target ->
                inverse.putObject("target").put("type", target.type()).put("id", target.id()));
    ArrayNode changes = inverse.putArray("changes");
    for (Event.Change change : reversal.inverse()) {
      ObjectNode one = changes.addObject();
      one.put("field", change.field());
      if (change.before() != null) {
        one.set("before", change.before());
      }
      one.set("after", change.after());
    }
    reversal.unknown().forEach(json.putArray("unknown")::add);
    ObjectNode words = json.putObject("words");
    reversal.words(false).forEach(words.putArray("en")::add);
    reversal.words(true).forEach(words.putArray("de")::add);
    json.put("all_later", reversal.allLater());
    return json;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
