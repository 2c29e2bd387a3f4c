package dev.indelible.server.profile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.Classification;
import dev.indelible.server.event.Decoding;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.EventDecoder;
import dev.indelible.server.event.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sentences of entries, held to those that the viewer is held to. */
class SentencesTest {

  private static final Path EVENTS =
      Path.of("../cli/src/test/resources/dev/indelible/cli/map/sample");
  private static final Path SAID = Path.of("../web/test/samples");

  private static Entry entry(String json, String... flags) {
    byte[] bytes = json.replace('\'', '"').getBytes(UTF_8);
    return entry(bytes, flags);
  }

  private static Entry entry(byte[] json, String... flags) {
    Decoding decoding = new EventDecoder().decode(json, 0, json.length);
    assertThat(decoding).isInstanceOf(Decoding.Decoded.class);
    return new Entry(
        new TenantId("acme"),
        1,
        "e",
        Instant.parse("2026-11-20T10:00:00Z"),
        ((Decoding.Decoded) decoding).event(),
        new Classification("c", "update", false, List.of(flags)),
        false);
  }

  static List<String> samples() throws IOException {
    try (Stream<Path> files = Files.list(SAID)) {
      return files.map(file -> file.getFileName().toString().replace(".txt", "")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aSampleIsToldAsTheViewerTellsIt(String sample) throws IOException {
    List<Catalog> catalogs = Profiles.builtIn().standard().catalogs();
    Sentences english = new Sentences(List.of(), catalogs, Locale.ENGLISH);
    Sentences german = new Sentences(List.of(), catalogs, Locale.GERMAN);
    List<String> said = new ArrayList<>();
    for (String line : Files.readAllLines(EVENTS.resolve(sample + ".ndjson"))) {
      Entry entry = entry(line.getBytes(UTF_8));
      said.addAll(List.of(english.of(entry), german.of(entry), ""));
    }
    said.removeLast();
    assertThat(said).isEqualTo(Files.readString(SAID.resolve(sample + ".txt")).lines().toList());
    assertThat(samples()).hasSizeGreaterThan(12);
  }

  @Test
  void nothingIsSaidThatWasNotRecorded() {
    Profile standard = Profiles.builtIn().standard();
    Sentences sentences = new Sentences(standard, Locale.ENGLISH);
    Sentences german = new Sentences(standard, Locale.GERMANY);
    Entry role =
        entry(
            "{'action':'user.role_changed','outcome':'failure','actor':{'type':'user','id':'u_1','name':'Ana'},"
                + "'targets':[{'type':'user','id':'u_2','name':'Bo'}],'changes':[{'field':'role','after':'admin'}]}");
    assertThat(sentences.of(role)).isEqualTo("Failed: Ana changed the role of Bo to admin");
    assertThat(german.of(role)).startsWith("Fehlgeschlagen: Ana hat").contains("Bo", "admin");
    Entry unknown =
        entry(
            "{'action':'plan.moved','actor':{'type':'user','id':'u_1'},'targets':[{'type':'plan','id':'p_1'}],"
                + "'changes':[{'field':'size','before':1,'after':2.50}]}");
    assertThat(sentences.of(unknown)).isEqualTo("u_1 · plan.moved · p_1 · size: 1 → 2.50");
    Entry behalf =
        entry(
            "{'action':'plan.moved','actor':{'type':'ai_agent','id':'a_1','name':'Otto','on_behalf_of':{'type':'user','id':'u_1','name':'Ana'}}}");
    assertThat(german.of(behalf)).isEqualTo("Otto im Namen von Ana · plan.moved");
    assertThat(sentences.of(entry("{'action':'plan.moved','actor':{'type':'system'}}")))
        .isEqualTo("The system · plan.moved");
  }
}
