package dev.indelible.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.indelible.cli.OtherSide.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Inputs that once came out wrong, where they lie beside the repository. */
class SharedCasesTest {

  private static final Path CASES =
      Path.of(System.getenv().getOrDefault("INDELIBLE_SHARED", "../../shared")).resolve("cases");

  @BeforeEach
  void areThere() {
    assumeTrue(Files.isDirectory(CASES), "no folder cases beside the repository");
  }

  @Test
  void everyTimeIsTheOneThatStandsThereOrIsRefused() {
    Ended ended = send("times.ndjson", "--map", CASES.resolve("times.yaml").toString());
    assertThat(ended.code()).isEqualTo(ExitCode.PARTLY);
    assertThat(DryRun.values(ended, "/occurred_at"))
        .hasSize(9)
        .allMatch(time -> time.startsWith("2026-01-09T09:41:00"));
    assertThat(ended.err().lines().filter(line -> line.contains("occurred_at"))).hasSize(9);
    Ended iso = send("github-iso-time.ndjson", "--map", "github");
    assertThat(DryRun.values(iso, "/occurred_at")).containsExactly("2026-11-20T10:00:00Z");
    Ended lake = send("cloudtrail-lake-time.json", "--map", "cloudtrail");
    assertThat(DryRun.values(lake, "/occurred_at")).containsExactly("2026-10-17T10:07:00Z");
  }

  @Test
  void failuresAreFailures() {
    Ended github = send("github-stream.ndjson", "--map", "github");
    assertThat(github.code()).as(github.err()).isZero();
    assertThat(DryRun.values(github, "/outcome").stream().filter("failure"::equals)).hasSize(3);
    assertThat(DryRun.values(github, "/changes/0/field"))
        .startsWith("", "visibility", "", "", "", "permission", "", "name", "", "owner")
        .endsWith("", "", "");
    assertThat(DryRun.values(github, "/actor/type").get(3)).isEqualTo("api_client");
    Ended old = send("github-old-export.json", "--map", "github");
    assertThat(DryRun.values(old, "/targets/0/id")).contains("tove");
    assertThat(DryRun.values(old, "/actor/id")).containsOnly("mira");
    assertThat(DryRun.values(old, "/changes/0/before").get(1)).isEqualTo("tove");
    Ended trail = send("cloudtrail.json", "--map", "cloudtrail");
    assertThat(trail.code()).as(trail.err()).isZero();
    assertThat(DryRun.values(trail, "/outcome").get(2)).isEqualTo("failure");
    assertThat(DryRun.values(trail, "/targets/0/type")).doesNotContain("", "trail");
    Ended okta = send("okta.ndjson", "--map", "okta");
    assertThat(okta.code()).as(okta.err()).isZero();
    assertThat(DryRun.values(okta, "/changes/0/field").get(2)).isEqualTo("session.maxAge");
    assertThat(DryRun.values(okta, "/context/location/country").get(0)).isEqualTo("PT");
  }

  @Test
  void nothingIsSentToAnotherTenantAndNothingIsReplaced() {
    Ended tenants = send("two-tenants.ndjson", "--tenant", "maps");
    assertThat(tenants.code()).isEqualTo(ExitCode.PARTLY);
    assertThat(tenants.out()).isEmpty();
    Ended surrogate = send("surrogate.ndjson");
    assertThat(surrogate.code()).isEqualTo(ExitCode.PARTLY);
    assertThat(surrogate.out()).isEmpty();
    Ended hours =
        DryRun.of(
            Map.of(),
            "",
            CASES.resolve("hour-09.ndjson").toString(),
            CASES.resolve("hour-10.ndjson").toString());
    assertThat(DryRun.values(hours, "/id")).hasSize(2).doesNotHaveDuplicates();
  }

  private static Ended send(String file, String... arguments) {
    return DryRun.of(
        Map.of(),
        "",
        Stream.concat(Stream.of(arguments), Stream.of(CASES.resolve(file).toString()))
            .toArray(String[]::new));
  }
}
