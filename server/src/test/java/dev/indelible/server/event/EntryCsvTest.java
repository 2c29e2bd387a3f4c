package dev.indelible.server.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Cells as they are written, byte by byte. */
class EntryCsvTest {

  private final EntryCodec codec = new EntryCodec();
  private final EntryCsv csv = new EntryCsv();

  private Entry entry(String id, String reasonInJson) {
    byte[] json =
        """
        {"action":"a.b","actor":{"type":"user","id":"u"},"reason":"%s"}\
        """
            .formatted(reasonInJson)
            .getBytes(UTF_8);
    Decoding decoding = new EventDecoder().decode(json, 0, json.length);
    assertThat(decoding).isInstanceOf(Decoding.Decoded.class);
    return codec.decode(
        3,
        Instant.parse("2026-11-20T10:00:00Z"),
        codec.encode(
            new EntryCodec.Accepted(
                new TenantId("acme"),
                id,
                ((Decoding.Decoded) decoding).event(),
                new Classification("c", "update", false, List.of())),
            EntryCodec.Privacy.BASIC),
        false);
  }

  private String line(String id, String reasonInJson) {
    return new String(csv.line(entry(id, reasonInJson), Map.of()), UTF_8);
  }

  static List<Arguments> reasons() {
    return List.of(
        Arguments.of("plain text; Ünï 中", "plain text; Ünï 中"),
        Arguments.of(" blank ", " blank "),
        Arguments.of("a, b", "\"a, b\""),
        Arguments.of("a \\\"b\\\"", "\"a \"\"b\"\"\""),
        Arguments.of("a\\nb", "\"a\nb\""),
        Arguments.of("a\\tb", "\"a\tb\""),
        Arguments.of("=1+1", "\"'=1+1\""),
        Arguments.of("-\\\"", "\"'-\"\"\""),
        Arguments.of("＝1", "\"'＝1\""),
        Arguments.of("'quoted", "\"''quoted\""),
        Arguments.of("#no comment", "#no comment"));
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void aCellIsQuotedWhereItHasToBeAndIsNoFormula(String reasonInJson, String cell) {
    assertThat(line("e", reasonInJson))
        .startsWith("e,3,2026-11-20T10:00:00.000Z,2026-11-20T10:00:00.000Z,,a.b,c,false,unknown,,")
        .contains("," + cell + ",")
        .endsWith(",,\r\n");
  }

  @Test
  void aFirstCellThatLooksLikeACommentStaysAsItIs() {
    assertThat(line("#1", "r")).startsWith("#1,3,");
  }

  @Test
  void aLineHasNothingOfTheOneBefore() {
    String first = line("e", "a, b");
    line("f", "=");
    assertThat(line("e", "a, b")).isEqualTo(first);
  }
}
