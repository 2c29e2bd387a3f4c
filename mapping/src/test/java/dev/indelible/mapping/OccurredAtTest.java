package dev.indelible.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** The time of a record is the one that stands there, or there is no event. */
class OccurredAtTest {

  private static final String MAP =
      """
      event:
        occurred_at: {at: /when, AS}
        action: door.opened
        actor: {type: user, id: u1}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2026-03-04T05:06:07Z            | 2026-03-04T05:06:07Z
          2026-03-04t05:06:07z            | 2026-03-04T05:06:07Z
          2026-03-04 05:06:07Z            | 2026-03-04T05:06:07Z
          2026-03-04T05:06Z               | 2026-03-04T05:06:00Z
          2026-03-04T05:06:07.8Z          | 2026-03-04T05:06:07.800Z
          2026-03-04T05:06:07,812Z        | 2026-03-04T05:06:07.812Z
          2026-03-04T05:06:07.812999999Z  | 2026-03-04T05:06:07.812Z
          2026-03-04T05:06:07+0530        | 2026-03-03T23:36:07Z
          2026-03-04T05:06:07+05:30       | 2026-03-03T23:36:07Z
          2026-03-04T05:06:07-03          | 2026-03-04T08:06:07Z
          2026-03-04 05:06:07.5 +0100     | 2026-03-04T04:06:07.500Z
          2026-03-04T05:06:07-00:00       | 2026-03-04T05:06:07Z
          2026-03-04T05:06:07+18:00       | 2026-03-03T11:06:07Z
          """)
  void rfc3339AndItsNearRelativesAreRead(String written, String expected) {
    assertThat(at("as: rfc3339", '"' + written + '"')).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "03/04/2026 05:06:07",
        "3/4/2026 5:06:07 PM",
        "2026-03-04T05:06:07",
        "2026-03-04 05:06:07.000",
        "Wed Mar  4 05:06:07 2026",
        "20260304T050607Z",
        "2026-03-04T24:00:00Z",
        "2026-03-04T23:59:60Z",
        "2026-03-04T05:06:07+18:01",
        "2026-03-04T05:06:07+23:59",
        "2026-03-04T05:06:07+5",
        "2026-03-04T05:06:07 UTC",
        "2026-03-04T05:06:07.Z",
        "2026-03-04T05:06:07.0123456789Z",
        "2026-03-04T05:06:7Z",
        "2026-02-30T05:06:07Z",
        "2026-13-04T05:06:07Z",
        "2026-03-04",
        "abcd-03-04T05:06:07Z",
        "1969-12-31T23:59:59Z",
        "0001-01-01T00:00:00Z",
        "2201-01-01T00:00:00Z",
        "yesterday",
        "1772600767",
        "٢٠٢٦-03-04T05:06:07Z",
      })
  void whatIsNoRfc3339IsRefusedAndNeverNow(String written) {
    assertThat(refused("as: rfc3339", '"' + written + '"'))
        .contains("occurred_at cannot be read: \"" + written + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "epoch_s, 1772600767",
    "epoch_s, '\"1772600767\"'",
    "epoch_s, 1.772600767e9",
    "epoch_ms, 1772600767000",
    "epoch_us, 1772600767000000",
    "epoch_ns, 1772600767000000000",
    "epoch_ns, '\"1772600767000000000\"'",
  })
  void countsFrom1970AreReadInTheirUnit(String form, String written) {
    assertThat(at("as: " + form, written)).isEqualTo("2026-03-04T05:06:07Z");
  }

  @ParameterizedTest
  @CsvSource({
    "epoch_s, 1772600767000, epoch_ms",
    "epoch_ms, 1772600767, epoch_s",
    "epoch_ms, '\"1772600767\"', epoch_s",
    "epoch_ms, 1772600767000000, epoch_us",
    "epoch_us, 1772600767000, epoch_ms",
    "epoch_ns, 1772600767000000, epoch_us",
    "rfc3339, 1772600767, epoch_s",
  })
  void aCountInAnotherUnitIsRefusedAndNamed(String form, String written, String looksLike) {
    assertThat(refused("as: " + form, written))
        .contains("is not " + form, "looks like " + looksLike);
  }

  @ParameterizedTest
  @CsvSource({
    "0",
    "-1",
    "1e400000000",
    "1e-400000000",
    "true",
    "'\"\"'",
    "null",
    "'{\"a\":1}'",
    "'[1]'"
  })
  void whatIsNoCountIsRefused(String written) {
    assertThat(refused("as: epoch_s", written)).contains("occurred_at");
  }

  @Test
  void aRecordWithoutATimeIsRefused() {
    assertThat(Mapped.refusal(MAP.replace("AS", "as: epoch_s"), "{'what':1}"))
        .isEqualTo("nothing in the record gives occurred_at");
  }

  @Test
  void aMapMayNameSeveralForms() {
    String forms = "as: [epoch_ms, epoch_s, rfc3339]";
    assertThat(at(forms, "1772600767000")).isEqualTo("2026-03-04T05:06:07Z");
    assertThat(at(forms, "1772600767")).isEqualTo("2026-03-04T05:06:07Z");
    assertThat(at(forms, "\"2026-03-04T05:06:07Z\"")).isEqualTo("2026-03-04T05:06:07Z");
    assertThat(refused(forms, "\"04.03.2026\"")).contains("epoch_ms or epoch_s or rfc3339");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          format: "dd/MM/yyyy HH:mm:ss", zone: UTC              | 04/03/2026 05:06:07          | 2026-03-04T05:06:07Z
          format: "M/d/yyyy h:mm:ss a", zone: UTC               | 3/4/2026 5:06:07 PM          | 2026-03-04T17:06:07Z
          format: "EEE MMM d HH:mm:ss yyyy", zone: Europe/Lisbon| Wed Mar 4 05:06:07 2026      | 2026-03-04T05:06:07Z
          format: "dd/MMM/yyyy:HH:mm:ss Z"                      | 04/mar/2026:05:06:07 +0100   | 2026-03-04T04:06:07Z
          format: "yyyyMMdd'T'HHmmssX"                          | 20260304T050607Z             | 2026-03-04T05:06:07Z
          format: "yyyy-MM-dd HH:mm:ss 'UTC'", zone: UTC        | 2026-03-04 05:06:07 UTC      | 2026-03-04T05:06:07Z
          zone: America/New_York                                | 2026-03-04 05:06:07.250      | 2026-03-04T10:06:07.250Z
          zone: America/New_York                                | 2026-03-04T05:06:07Z         | 2026-03-04T05:06:07Z
          as: rfc3339, format: "dd.MM.yyyy HH:mm", zone: "+02:00"| 04.03.2026 05:06            | 2026-03-04T03:06:00Z
          as: rfc3339, format: "dd.MM.yyyy HH:mm", zone: "+02:00"| 2026-03-04T05:06:07Z        | 2026-03-04T05:06:07Z
          """)
  void aMapSpellsOutFormatsAndNamesAZone(String form, String written, String expected) {
    assertThat(at(form, '"' + written + '"')).isEqualTo(expected);
  }

  @Test
  void aTimeThatNeedsTheMapStaysInTheDetailsAsItWas() {
    ObjectNode read =
        Mapped.by(MAP.replace("AS", "zone: UTC"), "{'when':'2026-03-04 05:06:07.000'}");
    assertThat(read.at("/details/when").asString()).isEqualTo("2026-03-04 05:06:07.000");
    ObjectNode exact = Mapped.by(MAP.replace("AS", "zone: UTC"), "{'when':'2026-03-04 05:06:07Z'}");
    assertThat(exact.has("details")).isFalse();
    ObjectNode fine = Mapped.by(MAP.replace("AS", "as: epoch_us"), "{'when':1772600767000001}");
    assertThat(fine.at("/details/when").asLong()).isEqualTo(1772600767000001L);
    ObjectNode finest =
        Mapped.by(MAP.replace("AS", "as: epoch_s"), "{'when':1772600767.1230000000001}");
    assertThat(finest.at("/details/when").toString()).isEqualTo("1772600767.1230000000001");
  }

  @Test
  void aTimeThatMeansTwoIsRefused() {
    String both = "format: [\"dd/MM/yyyy HH:mm\", \"MM/dd/yyyy HH:mm\"], zone: UTC";
    assertThat(refused(both, "\"04/03/2026 05:06\"")).contains("2026-03-04", "2026-04-03");
    assertThat(at(both, "\"25/03/2026 05:06\"")).isEqualTo("2026-03-25T05:06:00Z");
    assertThat(at(both, "\"03/03/2026 05:06\"")).isEqualTo("2026-03-03T05:06:00Z");
    assertThat(refused("zone: Europe/Berlin", "\"2026-10-25 02:30:00\"")).contains("twice");
    assertThat(refused("zone: Europe/Berlin", "\"2026-03-29 02:30:00\"")).contains("never");
  }

  @Test
  void aMapMayKeepAnEventWhoseTimeCannotBeRead() {
    String map = MAP.replace("AS", "as: rfc3339, unreadable: flag");
    Mapping mapping =
        new Mapper(MapReader.read("test", map)).map(Mapped.json("{'when':'yesterday'}")).getFirst();
    assertThat(mapping)
        .isInstanceOfSatisfying(
            Mapping.Mapped.class,
            mapped -> {
              assertThat(mapped.timeUnreadable()).isTrue();
              assertThat(mapped.event().has("occurred_at")).isFalse();
              assertThat(Mapped.written(mapped.event().path("details")))
                  .isEqualTo("{'when':'yesterday','occurred_at_unreadable':true}");
            });
    assertThat(Mapped.by(map, "{'n':1}").at("/details/occurred_at_unreadable").asBoolean())
        .isTrue();
    ObjectNode read = Mapped.by(map, "{'when':'2026-03-04T05:06:07Z'}");
    assertThat(read.has("details")).isFalse();
    assertThat(refused("as: rfc3339, unreadable: refuse", "\"yesterday\"")).contains("yesterday");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          as: epoch                                     | occurred_at.as
          as: [rfc3339, iso]                            | occurred_at.as
          format: "yyyy-MM-dd", zone: UTC               | occurred_at.format
          format: "HH:mm:ss", zone: UTC                 | occurred_at.format
          format: "hh:mm dd.MM.yyyy", zone: UTC         | occurred_at.format
          format: "YYYY-MM-dd HH:mm", zone: UTC         | occurred_at.format
          format: "yyyy-MM-dd HH:mm"                    | zone
          format: "yyyy-MM-dd HH:mm z", zone: UTC       | names of zones
          format: "no such letters", zone: UTC          | occurred_at.format
          zone: Europe/Atlantis                         | occurred_at.zone
          unreadable: guess                             | occurred_at.unreadable
          form: rfc3339                                 | form
          """)
  void aMistakeInATimeIsNamedWhenTheMapIsRead(String form, String named) {
    assertThatThrownBy(() -> MapReader.read("m.yaml", MAP.replace("AS", form)))
        .isInstanceOf(InvalidMapException.class)
        .hasMessageContaining("m.yaml")
        .hasMessageContaining(named);
  }

  @Test
  void theLimitsAreWhatTheDocumentSays() {
    assertThat(TimeReader.FIRST_EPOCH_YEAR).isEqualTo(1980);
    assertThat(TimeReader.MAX_QUOTED_LENGTH).isEqualTo(80);
    assertThat(IsoTime.MAX_FRACTION_DIGITS).isEqualTo(9);
    assertThat(IsoTime.MAX_OFFSET_HOURS).isEqualTo(18);
    assertThat(TimeForm.MAX_NUMBER_LENGTH).isEqualTo(64);
    assertThat(refused("as: epoch_s", "\"" + "1".repeat(1_000) + "\""))
        .hasSizeLessThan(200)
        .contains("…");
  }

  private static String at(String form, String written) {
    String record = "{\"when\":" + written + "}";
    return Mapped.by(MAP.replace("AS", form), record).path("occurred_at").asString();
  }

  private static String refused(String form, String written) {
    return Mapped.refusal(MAP.replace("AS", form), "{\"when\":" + written + "}");
  }
}
