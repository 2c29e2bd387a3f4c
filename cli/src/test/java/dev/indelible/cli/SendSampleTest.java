package dev.indelible.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.OtherSide.Ended;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The made-up records that come with a map, without a server. */
class SendSampleTest {

  @Test
  void theRecordsOfTheMapStandInPlaceOfFiles() {
    Ended ended = DryRun.of(Map.of(), "", "--map", "keycloak-log", "--sample");
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(DryRun.values(ended, "/action"))
        .containsExactly(
            "keycloak.login", "keycloak.login", "keycloak.admin.user.delete", "keycloak.logout");
    assertThat(ended.err()).contains("1 left out, as the map says: lines that are no event");
    assertThat(DryRun.of(Map.of(), "", "--map", "keycloak-log", "--sample").out())
        .isEqualTo(ended.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--sample", "--sample --map git", "--sample --map okta some.json"})
  void withoutAMapThatHasRecordsOrWithFilesItIsRefused(String arguments) {
    Ended ended = DryRun.of(Map.of(), "", arguments.split(" ", -1));
    assertThat(ended.code()).isEqualTo(ExitCode.USAGE);
    assertThat(ended.err()).contains("sample");
  }
}
