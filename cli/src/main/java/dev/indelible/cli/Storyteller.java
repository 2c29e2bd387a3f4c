package dev.indelible.cli;

import dev.indelible.cli.demo.Story;
import dev.indelible.cli.demo.StoryEvent;
import dev.indelible.cli.demo.StoryTenant;
import dev.indelible.client.Answer;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Creates the demonstration's tenants and sends them the story, once.
 *
 * <p>A file in the data directory says when the story ends, from before the first tenant is
 * created, and whether it was told, from after the last event. Whoever is interrupted in between
 * tells it again: with the same end its events have the same ids, and what was recorded is not
 * recorded twice.
 */
final class Storyteller {

  /** The file's name in the data directory. */
  static final String MARK = "demo-story.json";

  /** Events that are sent at once. */
  static final int BATCH_EVENTS = 1_000;

  private static final int CREATED = 201;
  private static final int CONFLICT = 409;

  private final IndelibleClient client;
  private final Path mark;
  private final JsonMapper json = JsonMapper.shared();

  /**
   * @param data the server's data directory, which exists
   */
  Storyteller(IndelibleClient client, Path data) {
    this.client = client;
    this.mark = data.resolve(MARK);
  }

  /**
   * Result of telling the story.
   *
   * @param events how many events now; 0 when they were told before
   * @param ofAcme how many of them are of the tenant whose log is copied
   */
  record Told(int events, int ofAcme) {

    /** Result when the story was told before and there was nothing to do. */
    static final Told BEFORE = new Told(0, 0);
  }

  /**
   * Tells the story, unless it was told to its end before.
   *
   * @param now when a story ends that was not begun before
   */
  Told tell(Instant now) throws IOException {
    boolean begun = Files.exists(mark);
    Instant end = now;
    if (begun) {
      JsonNode known = readMark();
      end = Instant.parse(known.path("end").asString(""));
      if (known.path("told").asBoolean(false)) {
        return Told.BEFORE;
      }
    } else {
      writeMark(end, false);
    }
    int created = createTenants();
    if (!begun && created == 0) {
      // They were made before there was such a file.
      writeMark(end, true);
      return Told.BEFORE;
    }
    Told told = send(new Story(Story.DEFAULT_SEED, end));
    writeMark(end, true);
    return told;
  }

  private JsonNode readMark() throws IOException {
    try {
      JsonNode known = json.readTree(mark);
      Instant.parse(known.path("end").asString(""));
      return known;
    } catch (JacksonException | DateTimeException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          mark + " cannot be read: delete the demonstration's folder, and begin again");
    }
  }

  private void writeMark(Instant end, boolean told) throws IOException {
    ObjectNode content = JsonNodeFactory.instance.objectNode();
    content.put("end", end.toString());
    content.put("told", told);
    Path part = mark.resolveSibling(MARK + ".part");
    Files.write(part, json.writeValueAsBytes(content));
    Files.move(part, mark, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private int createTenants() {
    int created = 0;
    for (StoryTenant tenant : StoryTenant.values()) {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      body.put("id", tenant.tenant());
      body.put("name", tenant.title());
      body.put("profile", tenant.profile());
      Answer answer =
          client.send(Request.post("/v1/tenants", json.writeValueAsString(body)).repeatable());
      if (answer.status() != CREATED && answer.status() != CONFLICT) {
        throw new CommandFailure(
            ExitCode.SOFTWARE, "a tenant could not be created: " + answer.problem());
      }
      created += answer.status() == CREATED ? 1 : 0;
    }
    return created;
  }

  private Told send(Story story) throws IOException {
    ByteArrayOutputStream batch = new ByteArrayOutputStream();
    int inBatch = 0;
    int ofAcme = 0;
    for (StoryEvent event : story) {
      ofAcme += event.tenant() == StoryTenant.ACME_SUPPORT ? 1 : 0;
      batch.write(json.writeValueAsBytes(event.event()));
      batch.write('\n');
      if (++inBatch == BATCH_EVENTS) {
        post(batch);
        inBatch = 0;
      }
    }
    if (inBatch > 0) {
      post(batch);
    }
    return new Told(story.size(), ofAcme);
  }

  private void post(ByteArrayOutputStream batch) {
    Answer answer =
        client.send(
            Request.of("POST", "/v1/events")
                .body("application/x-ndjson", batch.toByteArray())
                .repeatable());
    batch.reset();
    if (answer.status() != CREATED || !answer.json().at("rejected").elements().isEmpty()) {
      throw new CommandFailure(
          ExitCode.SOFTWARE, "the story could not be recorded: " + answer.problem());
    }
  }
}
