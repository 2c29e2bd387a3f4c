package dev.indelible.mapping.out;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.mapping.InvalidMapException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The examples of {@code docs/operate/stream-formats.md} and of {@code docs/maps.md}. */
class FormsPageTest {

  private static final EntryFormat.Integrity INTEGRITY =
      new EntryFormat.Integrity(
          "logs.example.com/acme",
          HexFormat.of().parseHex("6f3e".repeat(16)),
          5000,
          HexFormat.of().parseHex("a91c".repeat(16)));

  private String page = "";
  private JsonNode entry = Entries.JSON.nullNode();

  private static String document(String... path) throws IOException {
    Path file = Path.of("docs", path);
    return Files.readString(Files.exists(file) ? file : Path.of("..").resolve(file));
  }

  @BeforeEach
  void read() throws IOException {
    page = document("operate", "stream-formats.md");
    entry = Entries.JSON.readTree(block(page, "```json\n"));
  }

  private static String block(String text, String fence) {
    int start = text.indexOf(fence) + fence.length();
    return text.substring(start, text.indexOf("\n```", start));
  }

  private String written(EntryFormat format) {
    return new String(format.format(entry, INTEGRITY), UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cloudevents", "ocsf", "ecs"})
  void showsWhatTheFormsInJsonWrite(String name) {
    String shown = block(page.substring(page.indexOf("\n## " + name)), "```json\n");
    assertThat(Entries.JSON.readTree(written(EntryFormats.byName(name).orElseThrow())))
        .isEqualTo(Entries.JSON.readTree(shown));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cef", "leef"})
  void showsWhatTheFormsOfOneLineWrite(String name) {
    assertThat(block(page.substring(page.indexOf("\n## " + name)), "```text\n"))
        .isEqualTo(written(EntryFormats.byName(name).orElseThrow()));
  }

  @Test
  void itsMapAndThatOfTheLanguageAreMaps() throws IOException {
    String own = written(EntryFormats.read(block(page, "```yaml\n")));
    assertThat(own)
        .startsWith(
            "{\"when\":1795168800000,\"who\":\"ana@acme.test\",\"what\":\"user.role_changed"
                + " (success)\",\"on\":[\"user:u_9\"],\"critical\":\"yes\"");
    String maps = document("maps.md");
    String language = maps.substring(maps.indexOf("## Documents from entries"));
    assertThat(Entries.JSON.readTree(written(EntryFormats.read(block(language, "```yaml\n")))))
        .isEqualTo(
            Entries.JSON.readTree(
                """
                {"id":"01J9Z8","version":1,"when":1795168800000,"who":"Ana","person":{"id":"u_9"},
                 "targets":[{"type":"user","id":"u_9"}],"ids":["u_7","u_9"],"log":{"position":4711},
                 "about":"a person","more":{"tenant":"acme","recorded_at":"2026-11-20T10:00:00.120Z",
                 "action":"user.role_changed","category":"permission_changes","security_relevant":true,
                 "actor":{"type":"user","email":"ana@acme.test"},"targets":[{"name":"Bo"}],
                 "outcome":"success","changes":[{"field":"role","before":"agent","after":"admin"}],
                 "reason":"ticket = 4711","context":{"ip":"203.0.113.9","request_id":"r1"}}}
                """));
  }

  @Test
  void itsTableNamesEveryForm() {
    for (String name : EntryFormats.NAMES) {
      EntryFormat format = EntryFormats.byName(name).orElseThrow();
      assertThat(page.lines())
          .anyMatch(
              line ->
                  line.startsWith("| `" + name + "` |")
                      && line.endsWith("| `" + format.mediaType() + "` |"));
      assertThat(EntryFormats.read(EntryFormats.text(name)).mediaType())
          .isEqualTo(format.mediaType());
    }
    assertThat(EntryFormats.byName("custom")).isEmpty();
  }

  @Test
  void aMapOfOnesOwnIsBounded() {
    String start = "version: 2\nform: json\nto: {a: /id}\n";
    String most = start + "#".repeat(EntryFormats.MAX_MAP_BYTES - start.length());
    assertThat(written(EntryFormats.read(most))).isEqualTo("{\"a\":\"01J9Z8\"}");
    assertThatThrownBy(() -> EntryFormats.read(most + "#"))
        .isInstanceOf(InvalidMapException.class)
        .hasMessage("map custom: is larger than 65,536 bytes");
    assertThatThrownBy(() -> EntryFormats.read("version: 2\nform: json\nto: {a: {from: }}"))
        .hasMessageStartingWith("map custom:3: to.a");
  }
}
