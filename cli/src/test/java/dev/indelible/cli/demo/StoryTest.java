package dev.indelible.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.EventLimits;
import dev.indelible.server.profile.Classifier;
import dev.indelible.server.profile.Profile;
import dev.indelible.server.profile.Profiles;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class StoryTest {

  private static final Instant END = Instant.parse("2026-11-20T15:30:00Z");
  private static final Set<String> FIELDS =
      Set.of(
          "id",
          "tenant",
          "account",
          "occurred_at",
          "action",
          "actor",
          "targets",
          "outcome",
          "outcome_reason",
          "changes",
          "reason",
          "context",
          "details");

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void onAnyDayOfTheWeekItIsLongOrderedAndInTheWindow(int daysLater) {
    Instant end = END.plus(Duration.ofDays(daysLater));
    Story story = new Story(Story.DEFAULT_SEED, end);
    assertThat(story.size()).isGreaterThanOrEqualTo(5_000);
    Map<StoryTenant, Integer> perTenant = new EnumMap<>(StoryTenant.class);
    Instant last = Instant.MIN;
    for (StoryEvent event : story) {
      assertThat(event.occurredAt())
          .isBefore(end)
          .isAfter(end.minus(Duration.ofDays(91)))
          .isAfterOrEqualTo(last);
      last = event.occurredAt();
      perTenant.merge(event.tenant(), 1, Integer::sum);
    }
    assertThat(perTenant).hasSize(6);
    assertThat(perTenant.values()).allMatch(n -> n >= 600);
  }

  @Test
  void theSameSeedAndEndTellTheSameStory() {
    assertThat(texts(new Story(7, END))).isEqualTo(texts(new Story(7, END)));
    assertThat(texts(new Story(8, END))).isNotEqualTo(texts(new Story(7, END)));
  }

  @Test
  void everyEventHasTheFormOfTheApi() {
    Set<String> ids = new HashSet<>();
    for (StoryEvent told : new Story(Story.DEFAULT_SEED, END)) {
      JsonNode event = told.event();
      assertThat(FIELDS).containsAll(event.propertyNames());
      assertThat(ids.add(event.path("id").asString())).isTrue();
      assertThat(event.path("tenant").asString()).isEqualTo(told.tenant().tenant());
      assertThat(event.path("action").asString()).matches(EventLimits.ACTION_FORM);
      assertThat(event.at("/actor/id").asString()).isNotEmpty();
      assertThat(event.path("targets").size()).isLessThanOrEqualTo(EventLimits.MAX_TARGETS);
      String ip = event.at("/context/ip").asString("");
      assertThat(ip).matches("|(192\\.0\\.2|198\\.51\\.100|203\\.0\\.113)\\.\\d+|2001:db8:.*");
    }
  }

  @Test
  void eachActionIsInTheTenantsCatalogButOneThatShowsTheFlag() {
    Profiles profiles = Profiles.builtIn();
    Map<StoryTenant, Classifier> classifiers = new EnumMap<>(StoryTenant.class);
    for (StoryTenant tenant : StoryTenant.values()) {
      classifiers.put(
          tenant, new Classifier(Objects.requireNonNull(profiles.find(tenant.profile()))));
    }
    Set<String> unknown = new HashSet<>();
    for (StoryEvent told : new Story(Story.DEFAULT_SEED, END)) {
      String action = action(told.event());
      Profile.Action known = Objects.requireNonNull(classifiers.get(told.tenant())).action(action);
      if (known == null) {
        unknown.add(told.tenant().tenant() + " " + action);
      } else {
        assertThat(known.recorded()).as(action).isTrue();
        assertThat(!known.reasonRequired() || told.event().has("reason")).as(action).isTrue();
      }
    }
    assertThat(unknown).containsExactly("lumen-studio comment.created");
  }

  @Test
  void theIncidentsCanBeFollowed() {
    Story story = new Story(Story.DEFAULT_SEED, END);
    List<JsonNode> acme = of(story, StoryTenant.ACME_SUPPORT);
    assertThat(acme)
        .filteredOn(e -> country(e).equals("BR") && action(e).equals("user.sign-in.failed"))
        .hasSize(47);
    assertThat(acme)
        .filteredOn(e -> country(e).equals("BR"))
        .extracting(StoryTest::action)
        .contains("user.sign-in", "support.impersonate", "data.export", "api-key.create");
    List<JsonNode> flow = acme.stream().filter(e -> action(e).startsWith("flow.")).toList();
    assertThat(flow).extracting(StoryTest::action).containsExactly("flow.publish", "flow.revert");
    assertThat(flow.get(0).at("/changes/1/before")).isEqualTo(flow.get(1).at("/changes/1/after"));
    List<JsonNode> lumen = of(story, StoryTenant.LUMEN_STUDIO);
    String left =
        lumen.stream()
            .filter(e -> action(e).equals("user.deactivated"))
            .findFirst()
            .orElseThrow()
            .path("occurred_at")
            .asString();
    assertThat(lumen)
        .filteredOn(e -> e.at("/actor/id").asString().equals("key_martin_ci"))
        .filteredOn(e -> e.path("occurred_at").asString().compareTo(left) > 0)
        .hasSizeGreaterThan(10);
    assertThat(of(story, StoryTenant.NORTHGATE_MSP))
        .filteredOn(e -> e.at("/details/response_status").asInt(0) == 401)
        .hasSize(14)
        .allMatch(e -> e.at("/details/request/body").isObject());
    assertThat(of(story, StoryTenant.FERRO_ROBOTICS))
        .extracting(e -> e.path("account").asString(""))
        .contains("hamburg", "torino");
    assertThat(of(story, StoryTenant.KUMO_DESK))
        .filteredOn(e -> action(e).equals("ticket.viewed"))
        .hasSizeGreaterThan(300);
    assertThat(of(story, StoryTenant.HALCYON_INBOX))
        .extracting(StoryTest::action)
        .contains("macro.executed", "label.assigned");
  }

  private static List<String> texts(Story story) {
    return StreamSupport.stream(story.spliterator(), false).map(e -> e.event().toString()).toList();
  }

  private static List<JsonNode> of(Story story, StoryTenant tenant) {
    return StreamSupport.stream(story.spliterator(), false)
        .filter(e -> e.tenant() == tenant)
        .map(e -> (JsonNode) e.event())
        .toList();
  }

  private static String action(JsonNode event) {
    return event.path("action").asString();
  }

  private static String country(JsonNode event) {
    return event.at("/context/location/country").asString("");
  }
}
