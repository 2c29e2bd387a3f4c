package dev.indelible.server.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.Classification;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.RecordedBy;
import dev.indelible.server.event.TenantId;
import java.time.Instant;
import java.util.List;
import org.apache.lucene.util.BytesRef;
import org.junit.jupiter.api.Test;

/** Doc values of several facets: what a later build added, and what an earlier one wrote. */
class ColumnTest {

  private static Entry entry() {
    Event.Principal planner =
        new Event.Principal(
            Event.ActorType.AI_AGENT,
            "planner",
            null,
            null,
            null,
            new Event.Agent("acme-small", null),
            null);
    Event.Actor triage =
        new Event.Actor(
            Event.ActorType.AI_AGENT,
            "triage",
            null,
            null,
            null,
            new Event.Agent("acme-large-3", "1.4"),
            List.of(),
            List.of(),
            planner);
    return new Entry(
        new TenantId("acme"),
        0,
        "e",
        Instant.EPOCH,
        new Event(
            null,
            null,
            "eu",
            null,
            "ticket.closed",
            triage,
            List.of(),
            Event.Outcome.SUCCESS,
            null,
            List.of(),
            null,
            new Event.Context(null, null, null, null, null, null, "desk-3", 7L),
            null),
        new Classification("tickets", "update", false, List.of()),
        new RecordedBy(RecordedBy.Kind.API_KEY, "k_1"),
        false);
  }

  @Test
  void everyFieldIsReadBack() {
    FacetValues values = new FacetValues();
    values.load(entry());
    for (FacetField field : FacetField.values()) {
      Column column = Column.of(field);
      if (!column.isMultiple()) {
        BytesRef value = column.encode(values, new ColumnWriter());
        assertThat(column.decode(value, field))
            .as("%s", field)
            .containsExactlyInAnyOrderElementsOf(field.values(entry()));
      }
    }
    assertThat(FacetField.MODEL.values(entry())).containsExactly("acme-large-3", "acme-small");
    assertThat(FacetField.PRODUCER.values(entry())).containsExactly("desk-3");
    assertThat(FacetField.RECORDED_BY.values(entry())).containsExactly("k_1");
  }

  @Test
  void aValueOfFewerFieldsHasNothingOfThoseThatCameLater() {
    ColumnWriter older = new ColumnWriter();
    older.clear();
    older.count(1);
    older.text("eu");
    older.count(1);
    older.text("DE");
    BytesRef value = older.toBytesRef();
    assertThat(Column.WHERE.decode(value, FacetField.ACCOUNT)).containsExactly("eu");
    assertThat(Column.WHERE.decode(value, FacetField.COUNTRY)).containsExactly("DE");
    assertThat(Column.WHERE.decode(value, FacetField.PRODUCER)).isEmpty();
    assertThat(Column.WHERE.decodeSingle(value, FacetField.RECORDED_BY)).isEmpty();
  }
}
