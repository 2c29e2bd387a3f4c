package dev.indelible.server.retention;

import static dev.indelible.server.ingest.IngestFixture.ACME;
import static dev.indelible.server.ingest.IngestFixture.NOW;
import static dev.indelible.server.ingest.IngestFixture.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.control.Hold;
import dev.indelible.server.event.Decoding;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.ingest.IngestFixture;
import dev.indelible.server.ingest.ItemResult;
import dev.indelible.server.query.Field;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.FilterEvaluator;
import dev.indelible.server.search.EntryReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the selection of entries to delete. */
class SelectorTest {

  private IngestFixture fixture;
  private Selector selector;

  @BeforeEach
  void open() throws Exception {
    fixture = new IngestFixture();
    fixture.tenant(ACME, "standard");
    fixture.tenant(new TenantId("other"), "standard");
    selector = new Selector(fixture.log, new EntryReader());
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Records an event so many hours after the beginning. */
  private void record(int hour, String action) {
    fixture.clock.setMillis(NOW.plus(Duration.ofHours(hour)).toEpochMilli());
    for (String tenant : List.of("acme", "other")) {
      assertThat(
              fixture.ingest.recordOwn(
                  List.of(new Decoding.Decoded(event(new TenantId(tenant), null, action)))))
          .allMatch(ItemResult.Accepted.class::isInstance);
    }
  }

  private Selection before(int hour, Holds.Active... holds) throws Exception {
    return selector.before(ACME, NOW.plus(Duration.ofHours(hour)), List.of(holds));
  }

  private static Holds.Active hold(String id, String action) {
    return new Holds.Active(
        new Hold(ACME, id, id, "action:" + action, false, NOW, null, null),
        new FilterEvaluator(Filter.term(Field.ACTION, action)));
  }

  private static String text(SeqRanges ranges) {
    StringBuilder text = new StringBuilder();
    for (long[] range : ranges.ranges()) {
      text.append('[').append(range[0]).append(',').append(range[1]).append(')');
    }
    return text.toString();
  }

  @Test
  void whatWasRecordedBeforeTheCutOffGoesAndNothingThatWasRecordedAtIt() throws Exception {
    for (int hour = 0; hour < 10; hour++) {
      record(hour, "user.login");
    }
    Selection selection = before(4);
    assertThat(text(selection.ranges())).isEqualTo("[0,4)");
    assertThat(selection.entries()).isEqualTo(4);
    assertThat(selection.oldest()).isEqualTo(NOW);
    assertThat(selection.newest()).isEqualTo(NOW.plus(Duration.ofHours(3)));
    assertThat(selection.complete()).isTrue();
    assertThat(before(0).ranges().isEmpty()).isTrue();
    assertThat(before(0).newest()).isNull();
    assertThat(before(100).entries()).isEqualTo(10);
  }

  @Test
  void recordsOfDeletionsStayAndCategoriesAreCounted() throws Exception {
    record(0, "user.login");
    record(1, "audit.entries.purge");
    record(2, "audit.personal.erase");
    record(3, "user.login");
    record(4, "audit.hold.apply");
    Selection selection = before(10);
    assertThat(text(selection.ranges())).isEqualTo("[0,1)[3,5)");
    assertThat(selection.records()).isEqualTo(2);
    assertThat(selection.categories().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(3);
    assertThat(selection.categories()).containsValue(2L);
  }

  @Test
  void whatAHoldKeepsStaysAndCountsForEachHoldThatKeepsIt() throws Exception {
    record(0, "user.login");
    record(1, "user.logout");
    record(2, "user.login");
    record(3, "user.created");
    Selection selection =
        before(10, hold("h1", "user.login"), hold("h2", "user.login"), hold("h3", "x.y"));
    assertThat(text(selection.ranges())).isEqualTo("[1,2)[3,4)");
    assertThat(selection.keptByHolds()).isEqualTo(2);
    assertThat(selection.held()).isEqualTo(Map.of("h1", 2L, "h2", 2L));
    assertThat(selection.settled())
        .as("read again from the first one")
        .isEqualTo(new Selector.Settled(0, 0));
  }

  @Test
  void whatIsSettledIsNotReadAgainUnlessTheCutOffGoesBack() throws Exception {
    record(0, "user.login");
    record(1, "audit.entries.purge");
    record(2, "user.login");
    Selection first = before(2);
    assertThat(first.settled()).isEqualTo(new Selector.Settled(2, 1));
    selector.settle(ACME, first.settled());
    Selection second = before(10);
    assertThat(text(second.ranges())).isEqualTo("[2,3)");
    assertThat(second.records()).as("with those before").isEqualTo(1);
    assertThat(text(before(1).ranges())).isEqualTo("[0,1)");
  }

  @Test
  void ofAClosedTenantEverythingGoesButWhatSaysThatItIsClosed() throws Exception {
    record(0, "user.login");
    record(1, "audit.tenant.close");
    record(2, "audit.hold.apply");
    record(3, "audit.tenant.delete");
    assertThat(text(selector.everything(ACME))).isEqualTo("[0,1)[2,3)");
  }

  @Test
  void rangesAreBuiltOfNumbersAndKnowThem() {
    SeqRanges.Builder builder = new SeqRanges.Builder();
    for (long seq : new long[] {0, 1, 2, 5, 7, 8}) {
      builder.add(seq);
    }
    SeqRanges ranges = builder.build();
    assertThat(text(ranges)).isEqualTo("[0,3)[5,6)[7,9)");
    assertThat(ranges.count()).isEqualTo(6);
    for (long seq = 0; seq < 10; seq++) {
      assertThat(ranges.contains(seq))
          .as("%d", seq)
          .isEqualTo(List.of(0L, 1L, 2L, 5L, 7L, 8L).contains(seq));
    }
  }

  @Test
  void rangesThatTouchOverlapOrAreEmptyAreNone() {
    for (long[] second : new long[][] {{3, 4}, {2, 4}, {5, 5}, {6, 5}, {0, 1}}) {
      assertThatThrownBy(() -> new SeqRanges(List.of(new long[] {0, 3}, second)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
