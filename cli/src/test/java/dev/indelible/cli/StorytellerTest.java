package dev.indelible.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.cli.audit.AuditedServer;
import dev.indelible.cli.demo.Story;
import dev.indelible.cli.demo.StoryEvent;
import dev.indelible.cli.demo.StoryTenant;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.RetryPolicy;
import dev.indelible.testing.Eventually;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demonstration's story is told once and whole, whoever ends the program meanwhile. */
class StorytellerTest {

  private static final int TENANTS = StoryTenant.values().length;
  private final Instant end = Instant.now().truncatedTo(ChronoUnit.MILLIS);

  @TempDir private Path data;

  private static IndelibleClient client(URI address, String key) {
    return IndelibleClient.to(address)
        .key(key)
        .retry(new RetryPolicy(Duration.ofMillis(10), Duration.ofSeconds(1), Eventually.LIMIT))
        .build();
  }

  private static Storyteller.Told tell(AuditedServer server, Path data, Instant now)
      throws Exception {
    try (IndelibleClient client = client(server.uri(), server.key())) {
      return new Storyteller(client, data).tell(now);
    }
  }

  /** Tells it to a server that is gone after so many requests. */
  private void tellInPart(AuditedServer server, Path data, int requests) throws Exception {
    try (OtherSide side =
            new OtherSide(
                (exchange, asked, number) ->
                    OtherSide.json(
                        exchange,
                        number > requests ? 400 : 201,
                        number > requests
                            ? "{\"detail\":\"interrupted\"}"
                            : server.post(
                                asked.path(),
                                asked.headers().getOrDefault("Content-type", ""),
                                asked.body())));
        IndelibleClient client = client(side.address(), server.key())) {
      assertThatThrownBy(() -> new Storyteller(client, data).tell(end))
          .isInstanceOf(CommandFailure.class)
          .hasMessageContaining("interrupted");
    }
  }

  /** The ids of the story's events in the tenant's log, when they are as many as that or more. */
  private static List<String> told(AuditedServer server, StoryTenant tenant, int count) {
    return Eventually.see(
        count + " events of " + tenant.tenant() + " under a checkpoint",
        () -> told(server, tenant),
        found -> found.size() >= count);
  }

  private static List<String> told(AuditedServer server, StoryTenant tenant) throws Exception {
    Matcher ids =
        Pattern.compile("\\\\\"id\\\\\":\\\\\"(demo-[0-9a-z]+-[0-9]+)\\\\\"")
            .matcher(
                new String(
                    server.bytes("/v1/tenants/" + tenant.tenant() + "/log/entries?reason=test"),
                    UTF_8));
    List<String> found = new ArrayList<>();
    while (ids.find()) {
      found.add(ids.group(1));
    }
    return found;
  }

  @Test
  @Tag("long")
  void aStoryThatWasInterruptedIsToldToItsEndAtTheNextStartAndOnceOnly() throws Exception {
    Story story = new Story(Story.DEFAULT_SEED, end);
    assertThat(story.size()).isGreaterThan(3 * Storyteller.BATCH_EVENTS);
    try (AuditedServer server = AuditedServer.start(data)) {
      tellInPart(server, data, TENANTS + 1);
      assertThat(tell(server, data, end.plusSeconds(60)).events()).isEqualTo(story.size());
      assertThat(tell(server, data, end.plusSeconds(90))).isEqualTo(Storyteller.Told.BEFORE);
      for (StoryTenant tenant : StoryTenant.values()) {
        List<String> expected = new ArrayList<>();
        for (StoryEvent event : story) {
          if (event.tenant() == tenant) {
            expected.add(event.event().path("id").asString());
          }
        }
        assertThat(told(server, tenant, expected.size()))
            .as(tenant.tenant())
            .containsExactlyInAnyOrderElementsOf(expected);
      }
    }
  }

  @Test
  void whatWasFilledBeforeThereWasAMarkIsLeftAlone() throws Exception {
    try (AuditedServer server = AuditedServer.start(data)) {
      for (StoryTenant tenant : StoryTenant.values()) {
        server.createTenant(tenant.tenant());
      }
      assertThat(tell(server, data, end)).isEqualTo(Storyteller.Told.BEFORE);
      assertThat(tell(server, data, end.plusSeconds(60))).isEqualTo(Storyteller.Told.BEFORE);
      Files.writeString(data.resolve(Storyteller.MARK), "{\"end\":7");
      assertThatThrownBy(() -> tell(server, data, end))
          .isInstanceOf(CommandFailure.class)
          .hasMessageContaining(Storyteller.MARK);
    }
  }
}
