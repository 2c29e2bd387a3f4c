package dev.indelible.cli.demo;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * More than 5,000 events of six tenants over the 90 days before an instant, oldest first: everyday
 * work, and in it the incidents that {@code docs/demo.md} tells how to find.
 *
 * <p>The same seed and end give the same events with the same ids. Immutable.
 */
public final class Story implements Iterable<StoryEvent> {

  /** The seed of the demonstration. */
  public static final long DEFAULT_SEED = 20_261_120;

  private final List<StoryEvent> events;

  /**
   * @param seed chooses the everyday events; the incidents are the same for every seed
   * @param end when the story ends; nothing happens at or after it
   */
  public Story(long seed, Instant end) {
    Instant whole = end.truncatedTo(ChronoUnit.MILLIS);
    SplittableRandom random = new SplittableRandom(seed);
    List<StoryEvent> all = new ArrayList<>();
    for (StoryTenant tenant : StoryTenant.values()) {
      Stage stage = new Stage(tenant, whole, random.split());
      switch (tenant) {
        case ACME_SUPPORT -> AcmeSupport.play(stage);
        case HALCYON_INBOX -> HalcyonInbox.play(stage);
        case NORTHGATE_MSP -> NorthgateMsp.play(stage);
        case KUMO_DESK -> KumoDesk.play(stage);
        case FERRO_ROBOTICS -> FerroRobotics.play(stage);
        case LUMEN_STUDIO -> LumenStudio.play(stage);
      }
      stage.happened().forEach(draft -> all.add(new StoryEvent(tenant, draft.at(), draft.event())));
    }
    all.sort(Comparator.comparing(StoryEvent::occurredAt));
    this.events = numbered(all, whole);
  }

  /** Number of events. */
  public int size() {
    return events.size();
  }

  @Override
  public Iterator<StoryEvent> iterator() {
    return events.iterator();
  }

  /** The end is part of the ids: another end makes other events, which need other ids. */
  private static List<StoryEvent> numbered(List<StoryEvent> events, Instant end) {
    String prefix = "demo-" + Long.toString(end.toEpochMilli(), Character.MAX_RADIX) + "-";
    List<StoryEvent> numbered = new ArrayList<>(events.size());
    for (StoryEvent event : events) {
      ObjectNode withId = JsonNodeFactory.instance.objectNode();
      withId.put("id", prefix + numbered.size());
      withId.setAll(event.event());
      numbered.add(new StoryEvent(event.tenant(), event.occurredAt(), withId));
    }
    return List.copyOf(numbered);
  }
}
