package dev.indelible.cli.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.source.RecordSource;
import dev.indelible.cli.source.SourceRecord;
import dev.indelible.cli.source.Sources;
import dev.indelible.mapping.LogMap;
import dev.indelible.mapping.MapReader;
import dev.indelible.mapping.Mapper;
import dev.indelible.mapping.Mapping;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/**
 * Output of products that were run, through the maps that come with the program and those of {@code
 * docs/maps}. Folders, hosts and ids of machines were renamed, nothing else.
 *
 * <ul>
 *   <li>PostgreSQL 15.20 with pgaudit 1.7 (Debian): {@code csvlog} and {@code jsonlog} of a few
 *       statements.
 *   <li>Keycloak 26.7.3 ({@code org.keycloak:keycloak-quarkus-dist}, {@code start-dev
 *       --log-console-output=json}, success level {@code info}): a realm, a user, two clients and a
 *       role over the admin API; sign-ins by password grant with a wrong name, a wrong password,
 *       the right one, and the right one of a disabled account. The events are what the admin API
 *       gave, the log is its own.
 *   <li>Spring Boot 4.1.2 with Spring Security (Maven Central): an application with two users,
 *       asked by curl without, with wrong and with right passwords; {@code /actuator/auditevents}
 *       and the log of {@code AuditListener}.
 *   <li>systemd-journald 252 (Debian 12): {@code su}, a colored line and one of 5,000 characters by
 *       {@code systemd-cat}; {@code journalctl -o json --all}, the last line without {@code --all}.
 *   <li>OpenLDAP's slapd 2.5.13 (Debian 12) with the overlays auditlog and accesslog: entries
 *       added, modified, renamed and deleted by the ldap tools, a search, a comparison, a wrong
 *       password; accesslog by {@code ldapsearch -LLL -o ldif-wrap=no}.
 * </ul>
 */
class RealOutputTest {

  private static final Path MAPS = Path.of("../docs/maps");

  private static List<ObjectNode> events(String name, String file) throws IOException {
    LogMap map =
        name.endsWith(".yaml")
            ? MapReader.readFile(MAPS.resolve(name))
            : LogMap.builtIn(name).orElseThrow();
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

  private static final String USER = "d65f4a26-bbfe-4894-820e-b2c6518e34d1";
  private static final String ADMIN = "4bcbc6e3-2b35-4b37-bfc9-76beded9858d";

  @Test
  void keycloaksApiGivesSignInsAndChangesByAdministrators() throws IOException {
    List<ObjectNode> events = events("keycloak", "keycloak-26.7.3.json");
    assertThat(said(events))
        .containsExactly(
            USER + " keycloak.login web failure",
            USER + " keycloak.login web success",
            "nobody keycloak.login web failure",
            USER + " keycloak.login web failure",
            ADMIN + " keycloak.admin.user.delete " + USER + " success",
            ADMIN + " keycloak.admin.user.update " + USER + " success",
            ADMIN + " keycloak.admin.user.update " + USER + " success",
            ADMIN + " keycloak.admin.user.action " + USER + " success",
            ADMIN
                + " keycloak.admin.client_role_mapping.create"
                + " 3c4ea2dc-0db9-48bc-9d34-0eb547346c3b success",
            ADMIN + " keycloak.admin.client.create 9fbc24d2-4c79-4e4a-8b8b-83ba9406c308 success",
            ADMIN + " keycloak.admin.client.create bf11437b-d224-450b-8f91-5d3c1a8c978a success",
            ADMIN + " keycloak.admin.user.create " + USER + " success");
    assertThat(reasons(events))
        .containsExactly("user_disabled", "user_not_found", "invalid_user_credentials");
    // What the client sent and Keycloak never stored: it is told, and it is no change.
    assertThat(events.get(6).at("/details/representation/attributes/never/0").asString())
        .isEqualTo("stored");
    assertThat(events.get(6).has("changes")).isFalse();
  }

  private static List<String> reasons(List<ObjectNode> events) {
    return events.stream()
        .filter(event -> event.has("outcome_reason"))
        .map(event -> event.path("outcome_reason").asString())
        .toList();
  }

  @Test
  void keycloaksLogSaysTheSameLessWhatItLacks() throws IOException {
    List<ObjectNode> events = events("keycloak-log", "keycloak-26.7.3-log.ndjson");
    assertThat(said(events))
        .hasSize(17)
        .contains(
            "nobody keycloak.login web failure",
            USER + " keycloak.login web success",
            ADMIN + " keycloak.admin.user.delete " + USER + " success",
            "puller keycloak.client_login puller success");
    // A realm that is not the changed one is in the log line alone, and so no target.
    assertThat(events.get(1).path("targets")).hasSize(1);
    assertThat(events.get(1).toString()).contains("master");
  }

  @ParameterizedTest
  @CsvSource({"spring,spring-boot-4.1.2.json", "spring-log,spring-boot-4.1.2.log"})
  void springSaysTheSameOverItsActuatorAndInItsLog(String map, String file) throws IOException {
    List<ObjectNode> events = events(map, file);
    assertThat(said(events))
        .containsExactly(
            "anonymousUser spring.authorization_failure  failure",
            "anonymousUser spring.authorization_failure  failure",
            // One wrong password is two events.
            "mara spring.authentication_failure  failure",
            "anonymousUser spring.authorization_failure  failure",
            "mara spring.authentication_success  success",
            "mara spring.authentication_success  success",
            "mara spring.authorization_failure  failure",
            "mara spring.authentication_success  success",
            "nobody spring.authentication_failure  failure",
            "mara spring.logout_success  success",
            "ops spring.authentication_success  success");
    assertThat(events)
        .allSatisfy(
            event -> {
              assertThat(event.at("/context/ip").asString()).isEqualTo("127.0.0.1");
              assertThat(event.has("id")).isFalse();
            });
  }

  @Test
  void journaldTellsWhoBecameWhomAndKeepsColoredLines() throws IOException {
    List<ObjectNode> events = events("journald", "journald-252.ndjson");
    assertThat(said(events))
        .startsWith("root journald.su nobody success")
        .contains(
            "nobody journald.session_opened web1.example.com success",
            "nobody journald.session_closed web1.example.com success",
            "crane journald.message web1.example.com unknown");
    assertThat(events.get(6).toString()).contains("crane locked");
    assertThat(events.get(7).toString()).contains("x".repeat(5_000));
    assertThat(events.get(9).toString()).doesNotContain("xxx");
  }

  @Test
  void openLdapsAuditlogIsMappedWithWhoWhenAndFromWhere() throws IOException {
    List<ObjectNode> events = events("openldap-auditlog.yaml", "openldap-2.5.13-auditlog.ldif");
    String admin = "cn=admin,dc=example,dc=com";
    String mara = "uid=mara,ou=people,dc=example,dc=com";
    String renamed = "uid=mara.quist,ou=people,dc=example,dc=com";
    assertThat(said(events))
        .containsExactly(
            admin + " ldap.add dc=example,dc=com success",
            admin + " ldap.add ou=people,dc=example,dc=com success",
            admin + " ldap.add " + mara + " success",
            admin + " ldap.modify " + mara + " success",
            admin + " ldap.modify " + mara + " success",
            admin + " ldap.modrdn " + mara + " success",
            renamed + " ldap.modify " + renamed + " success",
            admin + " ldap.delete " + renamed + " success");
    ObjectNode modified = events.get(3);
    assertThat(modified.path("occurred_at").asString()).isEqualTo("2026-12-01T01:47:17Z");
    assertThat(modified.at("/context/ip").asString()).isEqualTo("127.0.0.1");
    assertThat(modified.at("/changes/2").toString())
        .isEqualTo("{\"field\":\"description\",\"after\":[\"Zoë's deputy\"]}");
    assertThat(events.get(4).path("changes").toString())
        .contains("{\"field\":\"telephoneNumber\",\"before\":[\"+49 30 555 0100\"]}")
        .contains("{\"field\":\"description\",\"before\":[]}");
  }

  @Test
  void openLdapsAccesslogTellsSignInsAndReadsAndNoPassword() throws IOException {
    List<ObjectNode> events = events("openldap-accesslog.yaml", "openldap-2.5.13-accesslog.ldif");
    String mara = "uid=mara.quist,ou=people,dc=example,dc=com";
    assertThat(said(events))
        .hasSize(18)
        .contains(
            mara + " ldap.bind " + mara + " failure",
            mara + " ldap.bind " + mara + " success",
            mara + " ldap.search dc=example,dc=com success",
            mara + " ldap.compare " + mara + " success",
            mara + " ldap.delete " + mara + " failure");
    assertThat(events.toString()).doesNotContain("first-secret", "second-secret");
    assertThat(events.get(0).path("occurred_at").asString()).isEqualTo("2026-12-01T01:47:16Z");
    assertThat(events.get(0).at("/details/reqStart").asString())
        .isEqualTo("20261201014716.000000Z");
  }

  /** Their sentences, in English and German, are in {@code web/test/samples}. */
  @ParameterizedTest
  @CsvSource({
    "keycloak,keycloak-26.7.3.json",
    "spring,spring-boot-4.1.2.json",
    "journald,journald-252.ndjson",
    "pgaudit,pgaudit-1.7.csv"
  })
  void becomeTheEventsWhoseSentencesWereRead(String map, String file) throws IOException {
    List<String> lines =
        events(map, file).stream()
            .map(ObjectNode::toString)
            .filter(line -> !line.contains("xxxxxxxxxx"))
            .toList();
    try (InputStream expected = getClass().getResourceAsStream("sample/" + map + "-run.ndjson")) {
      assertThat(expected).isNotNull();
      assertThat(lines)
          .containsExactlyElementsOf(
              new String(expected.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    }
  }
}
