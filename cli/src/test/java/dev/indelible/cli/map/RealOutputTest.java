package dev.indelible.cli.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.source.RecordSource;
import dev.indelible.cli.source.SourceRecord;
import dev.indelible.cli.source.Sources;
import dev.indelible.mapping.LogMap;
import dev.indelible.mapping.Mapper;
import dev.indelible.mapping.Mapping;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/**
 * What products wrote when they were run: PostgreSQL 15.20 with pgaudit 1.7. Folders were renamed,
 * nothing else.
 */
class RealOutputTest {

  private static List<ObjectNode> events(String name, String file) throws IOException {
    LogMap map = LogMap.builtIn(name).orElseThrow();
    Mapper mapper = new Mapper(map);
    List<ObjectNode> events = new ArrayList<>();
    InputStream in = RealOutputTest.class.getResourceAsStream("real/" + file);
    assertThat(in).as(file).isNotNull();
    try (RecordSource source = Sources.open(map.input(), file, file, in, map.records())) {
      for (SourceRecord record = source.next(); record != null; record = source.next()) {
        assertThat(record).isInstanceOf(SourceRecord.Parsed.class);
        for (Mapping mapping : mapper.map(((SourceRecord.Parsed) record).tree())) {
          assertThat(mapping).isNotInstanceOf(Mapping.Unmappable.class);
          if (mapping instanceof Mapping.Mapped mapped) {
            events.add(mapped.event());
          }
        }
      }
    }
    return events;
  }

  private static List<String> said(List<ObjectNode> events) {
    return events.stream()
        .map(
            event ->
                event.at("/actor/id").asString("-")
                    + " "
                    + event.path("action").asString()
                    + " "
                    + event.at("/targets/0/id").asString()
                    + " "
                    + event.path("outcome").asString())
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"pgaudit,pgaudit-1.7.csv", "pgaudit-json,pgaudit-1.7.ndjson"})
  void pgauditSaysTheSameInBothForms(String map, String file) throws IOException {
    assertThat(said(events(map, file)))
        .containsExactly(
            "olaf postgresql.connect harbor success",
            "olaf pgaudit.ddl.create_table harbor success",
            "olaf pgaudit.write.insert public.crew success",
            "olaf pgaudit.role.grant harbor success",
            "olaf pgaudit.role.alter_role harbor success",
            "olaf pgaudit.write.update public.crew success",
            "olaf pgaudit.read.prepare harbor success",
            "olaf pgaudit.read.select public.crew success",
            "olaf pgaudit.read.select public.crew success",
            "olaf pgaudit.read.select public.crew success",
            "olaf postgresql.error harbor failure",
            "olaf pgaudit.read.copy harbor success",
            // From here on without log_rows: logged before it is done.
            "olaf pgaudit.read.select public.crew unknown",
            "olaf pgaudit.ddl.drop_table harbor unknown",
            "olaf postgresql.disconnect harbor success",
            "mara postgresql.connect harbor failure",
            "mara postgresql.connect harbor success",
            "mara pgaudit.read.select harbor success",
            "mara postgresql.disconnect harbor success");
  }

  @Test
  void pgauditsNullAndEmptyTextCannotBeToldApart() throws IOException {
    List<ObjectNode> events = events("pgaudit", "pgaudit-1.7.csv");
    String ofNull = events.get(7).at("/details/message").asString();
    String ofEmpty = events.get(8).at("/details/message").asString();
    assertThat(ofNull).endsWith("where name = $1;,,0");
    assertThat(ofEmpty).endsWith("where name = $1;,,1");
  }

  @Test
  void aStatementOfSeveralLinesIsOneEventWithAnAddressOnlyWhereThereIsOne() throws IOException {
    List<ObjectNode> events = events("pgaudit", "pgaudit-1.7.csv");
    assertThat(events.get(5).at("/details/message").asString()).contains("pay + 1\n where name");
    assertThat(events.get(5).at("/context/ip").isMissingNode()).isTrue();
    assertThat(events.get(15).at("/context/ip").asString()).isEqualTo("127.0.0.1");
    assertThat(events.get(15).path("outcome_reason").asString()).isEqualTo("28P01");
  }
}
