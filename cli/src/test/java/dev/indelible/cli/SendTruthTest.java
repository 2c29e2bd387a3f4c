package dev.indelible.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.OtherSide.Ended;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that {@code send} sends records as they stand, or refuses them by their place. */
class SendTruthTest {

  private static final String EVENT = "{\"action\":\"a.b\",\"actor\":{\"type\":\"system\"}}\n";
  private static final String TWO_TENANTS =
      """
      {"id":"1","tenant":"kite","action":"a.b","actor":{"type":"system"}}
      {"id":"2","tenant":"wing","action":"a.b","actor":{"type":"system"}}
      {"id":"3","tenant":null,"action":"a.b","actor":{"type":"system"}}
      {"id":"4","action":"a.b","actor":{"type":"system"}}
      """;
  private static final String TENANT_MAP =
      """
      event:
        tenant: /org
        action: a.b
        actor: {type: user, id: u1}
      """;

  @TempDir private Path folder = Path.of(".");

  @Test
  void anEventsOwnTenantIsNeverOverridden() throws IOException {
    Ended asked = DryRun.of(Map.of(), TWO_TENANTS, "--tenant", "kite");
    Ended inherited = DryRun.of(Map.of("INDELIBLE_TENANT", "kite"), TWO_TENANTS);
    for (Ended ended : List.of(asked, inherited)) {
      assertThat(ended.code()).isEqualTo(ExitCode.PARTLY);
      assertThat(DryRun.values(ended, "/id")).containsExactly("1", "3", "4");
      assertThat(DryRun.values(ended, "/tenant")).containsOnly("kite");
      assertThat(ended.err())
          .contains("-:2: the event is for the tenant wing", "(tenant_conflict)");
    }
    Ended free = DryRun.of(Map.of(), TWO_TENANTS);
    assertThat(free.code()).isZero();
    assertThat(DryRun.values(free, "/tenant")).containsExactly("kite", "wing", "", "");
  }

  @Test
  void theCommandLineGoesBeforeTheEnvironment() {
    Ended ended = DryRun.of(Map.of("INDELIBLE_TENANT", "wing"), EVENT, "--tenant", "kite");
    assertThat(DryRun.values(ended, "/tenant")).containsExactly("kite");
  }

  @Test
  void aMapsTenantGivesWayToTheCommandLineAloneAndThatIsSaidOnce() throws IOException {
    Path map = Files.writeString(folder.resolve("org.yaml"), TENANT_MAP);
    String records = "{\"org\":\"kite\"}\n{\"org\":\"wing\"}\n{}\n";
    Ended asked = DryRun.of(Map.of(), records, "--map", map.toString(), "--tenant", "tail");
    assertThat(DryRun.values(asked, "/tenant")).containsExactly("tail", "tail", "tail");
    assertThat(DryRun.values(asked, "/details/org")).containsExactly("kite", "wing", "");
    assertThat(asked.err().lines().filter(line -> line.contains("goes before the tenants")))
        .hasSize(1);
    Ended inherited =
        DryRun.of(Map.of("INDELIBLE_TENANT", "tail"), records, "--map", map.toString());
    assertThat(DryRun.values(inherited, "/tenant")).containsExactly("kite", "wing", "tail");
    assertThat(inherited.err()).doesNotContain("goes before");
  }

  @Test
  void identicalLinesOfTwoFilesAreTwoEventsAndTheSameFileAgainIsTheSame() throws IOException {
    Path nine = Files.writeString(folder.resolve("hour-09.ndjson"), EVENT + EVENT);
    Path ten = Files.writeString(folder.resolve("hour-10.ndjson"), EVENT + EVENT);
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Path sameName = Files.writeString(elsewhere.resolve("hour-09.ndjson"), EVENT);
    List<String> both =
        ids(DryRun.of(Map.of(), "", nine.toString(), ten.toString(), sameName.toString()));
    assertThat(both).hasSize(5).doesNotHaveDuplicates().allMatch(id -> id.startsWith("file-"));
    Path roundabout = elsewhere.resolve("..").resolve("hour-09.ndjson");
    assertThat(ids(DryRun.of(Map.of(), "", roundabout.toString()))).isEqualTo(both.subList(0, 2));
    Path link = Files.createSymbolicLink(folder.resolve("current"), nine);
    assertThat(ids(DryRun.of(Map.of(), "", link.toString()))).isEqualTo(both.subList(0, 2));
    Files.writeString(nine, EVENT + EVENT + EVENT);
    List<String> grown = ids(DryRun.of(Map.of(), "", nine.toString()));
    assertThat(grown.subList(0, 2)).isEqualTo(both.subList(0, 2));
    assertThat(grown.get(2)).isNotIn(both);
  }

  @Test
  void aFileThatWasMendedGivesTheSameIdsForTheRest() throws IOException {
    Path file = folder.resolve("mended.ndjson");
    Files.writeString(file, EVENT + "{\"bad\n" + EVENT);
    List<String> before = ids(DryRun.of(Map.of(), "", file.toString()));
    Files.writeString(file, EVENT + EVENT + EVENT);
    List<String> after = ids(DryRun.of(Map.of(), "", file.toString()));
    assertThat(after).hasSize(3).containsAll(before);
  }

  @Test
  void aFileWrittenAnewUnderTheSameNameIsAnotherOne() throws IOException {
    Path file = folder.resolve("export.ndjson");
    Files.writeString(file, EVENT.replace("a.b", "hour.nine") + EVENT);
    List<String> nine = ids(DryRun.of(Map.of(), "", file.toString()));
    Files.writeString(file, EVENT.replace("a.b", "hour.ten") + EVENT);
    List<String> ten = ids(DryRun.of(Map.of(), "", file.toString()));
    assertThat(nine.get(1)).isNotEqualTo(ten.get(1));
  }

  @Test
  void aSourceMayBeNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("a.ndjson"), EVENT);
    Path moved = Files.writeString(folder.resolve("b.ndjson"), EVENT);
    List<String> ids = ids(DryRun.of(Map.of(), "", "--source", "web-1", file.toString()));
    assertThat(ids(DryRun.of(Map.of(), "", "--source", "web-1", moved.toString()))).isEqualTo(ids);
    assertThat(ids(DryRun.of(Map.of(), EVENT, "--source", "web-1"))).isEqualTo(ids);
    assertThat(ids(DryRun.of(Map.of(), EVENT, "--source", "web-2"))).isNotEqualTo(ids);
    Ended two = DryRun.of(Map.of(), "", "--source", "web-1", file.toString(), moved.toString());
    assertThat(two.code()).isEqualTo(ExitCode.USAGE);
    assertThat(two.err()).contains("--source names one FILE");
  }

  @Test
  void whatIsDatedWhenItIsRecordedIsCounted() throws IOException {
    String yaml =
        """
        event:
          occurred_at: {at: /t, unreadable: flag}
          action: a.b
          actor: {type: user, id: u1}
        """;
    Path map = Files.writeString(folder.resolve("flag.yaml"), yaml);
    String records = "{\"t\":\"2026-03-04T05:06:07Z\"}\n{\"t\":\"noon\"}\n{}\n";
    Ended kept = DryRun.of(Map.of(), records, "--map", map.toString());
    assertThat(kept.code()).isZero();
    assertThat(kept.err()).contains("2 have a time that could not be read");
    Path strict = Files.writeString(folder.resolve("strict.yaml"), yaml.replace("flag", "refuse"));
    Ended refused = DryRun.of(Map.of(), records, "--map", strict.toString());
    assertThat(refused.code()).isEqualTo(ExitCode.PARTLY);
    assertThat(DryRun.values(refused, "/occurred_at")).containsExactly("2026-03-04T05:06:07Z");
    assertThat(refused.err())
        .contains("-:2: occurred_at cannot be read: \"noon\" is not rfc3339")
        .contains("-:3: nothing in the record gives occurred_at");
  }

  @Test
  void halfASurrogateIsRefusedByLineAndNeverReplaced() {
    String half = EVENT.replace("a.b\"", "a.b\",\"reason\":\"\\ud83d\"");
    Ended ended = DryRun.of(Map.of(), half + EVENT);
    assertThat(ended.code()).isEqualTo(ExitCode.PARTLY);
    assertThat(ended.err()).contains("-:1: /reason: holds", "(unreadable)");
    assertThat(ended.out().lines()).hasSize(1);
  }

  @Test
  void aGzipFileThatIsCutOffIsNamedWithItsLine() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(EVENT.repeat(3).getBytes(UTF_8));
    }
    Path file = folder.resolve("cut.ndjson.gz");
    Files.write(file, Arrays.copyOf(bytes.toByteArray(), bytes.size() - 4));
    Ended ended = DryRun.of(Map.of(), "", file.toString());
    assertThat(ended.code()).isEqualTo(ExitCode.PARTLY);
    assertThat(ended.err()).contains(file + ":", "cut off").doesNotContain("Exception");
  }

  @Test
  void whatAMapLeavesOutIsCountedAndWhatItCannotMapIsNamedByItsRule() throws IOException {
    String yaml =
        """
        version: 2
        input: {form: csv, columns: [stage, who]}
        skip: [{if: {from: /stage, when: "^received$"}, because: requests that were only received}]
        event:
          action: a.b
          actor:
            type: user
            id: /who
        """;
    Path map = Files.writeString(folder.resolve("rows.yaml"), yaml);
    String rows = "received,ana\ndone,bo\ndone,\nreceived,\n";
    Ended ended = DryRun.of(Map.of(), rows, "--map", map.toString());
    assertThat(ended.code()).isEqualTo(ExitCode.PARTLY);
    assertThat(DryRun.values(ended, "/actor/id")).containsExactly("bo");
    assertThat(ended.err())
        .contains(
            "-:3: nothing in the record gives actor.id (" + map + ":8 event.actor.id asks /who)",
            "2 left out, as the map says: requests that were only received");
  }

  @Test
  void eventsOfOneRecordHaveIdsOfTheirOwn() throws IOException {
    String yaml =
        """
        version: 2
        expand: /events
        event: {action: /events/name, actor: {type: system}}
        """;
    Path map = Files.writeString(folder.resolve("many.yaml"), yaml);
    String record = "{\"events\":[{\"name\":\"a\"},{\"name\":\"a\"},{\"name\":\"b\"}]}\n";
    List<String> ids = ids(DryRun.of(Map.of(), record, "--map", map.toString()));
    assertThat(ids).hasSize(3).doesNotHaveDuplicates();
    assertThat(ids(DryRun.of(Map.of(), record, "--map", map.toString()))).isEqualTo(ids);
  }

  @Test
  void aRefusalSaysItsSentenceOnce() throws IOException {
    String rejected =
        """
        {"accepted":0,"entries":[],"rejected":[
         {"index":0,"code":"invalid_event","detail":"/occurred_at: must be a time.","errors":[
          {"pointer":"/occurred_at","code":"bad_format","detail":"must be a time."}]},
         {"index":1,"code":"invalid_event","detail":"/a: is wrong. And 1 more.","errors":[
          {"pointer":"/a","code":"bad_format","detail":"is wrong."},
          {"pointer":"/b","code":"bad_format","detail":"is wrong."}]},
         {"index":2,"code":"invalid_event","detail":"It names no tenant.","errors":[
          {"pointer":"/tenant","code":"missing","detail":"Say whose it is."}]}]}""";
    try (OtherSide server =
        new OtherSide((exchange, _, _) -> OtherSide.json(exchange, 422, rejected))) {
      Ended ended = server.run(EVENT.repeat(3), "send");
      assertThat(ended.err())
          .contains(
              "-:1: /occurred_at: must be a time. (invalid_event)",
              "-:2: /a: is wrong. /b: is wrong. (invalid_event)",
              "-:3: It names no tenant. /tenant: Say whose it is. (invalid_event)");
    }
    try (OtherSide server =
        new OtherSide(
            (exchange, _, _) ->
                OtherSide.json(exchange, 413, "{\"code\":\"too_big\",\"detail\":\"Too big.\"}"))) {
      assertThat(server.run(EVENT, "send").err()).contains("-:1: Too big. (too_big)\n");
    }
  }

  private static List<String> ids(Ended ended) {
    assertThat(ended.err()).doesNotContain("an error in the program");
    return DryRun.values(ended, "/id");
  }
}
