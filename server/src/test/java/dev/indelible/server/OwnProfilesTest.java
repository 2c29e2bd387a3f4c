package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.profile.Profile;
import dev.indelible.server.profile.Profiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Profiles that an operator copied and changed. */
class OwnProfilesTest {

  @TempDir Path directory;
  private Path folder;

  @BeforeEach
  void copy() throws Exception {
    folder = Files.createDirectory(directory.resolve("profiles"));
  }

  private void write(String file, String name, String from, String to) throws Exception {
    String source =
        Profiles.builtIn().source("standard").replace("name: standard", "name: " + name);
    assertThat(source).contains(from);
    Files.writeString(folder.resolve(file), source.replace(from, to));
  }

  private GovernedServer withFolder() throws Exception {
    return new GovernedServer(directory, Map.of(Setting.PROFILES, folder.toString()));
  }

  @Test
  void aCopiedProfileIsLikeOneThatComesWithTheProgram() throws Exception {
    write("bakery.yaml", "bakery", "says: \"{actor} signed in\"", "says: \"{actor} came to bake\"");
    try (GovernedServer server = withFolder()) {
      assertThat(server.get("/v1/profiles").toString()).contains("\"bakery\"");
      assertThat(server.get("/v1/profiles/bakery").toString()).contains("came to bake");
      server.tenant("oven", "bakery");
      server.record("oven", "e1", "user.login", "u", "U");
      JsonNode entry = server.newest("oven", "id:e1");
      assertThat(entry.path("category").asString()).isEqualTo("authentication");
      assertThat(server.get("/v1/tenants/oven/profile").toString()).contains("came to bake");
      server.stop();
      server.start();
      assertThat(server.find("oven", "id:e1", 1)).containsExactly("e1");
    }
  }

  @Test
  void theQueriesOfTheProfilesThatComeWithTheProgramAreQueries() throws Exception {
    Profiles profiles = Profiles.with(null, ProfileFiles::queryFault);
    assertThat(profiles.all()).isNotEmpty();
    for (Profile profile : profiles.all()) {
      String name = profile.name();
      assertThat(profiles.read(name + ".yaml", profiles.source(name))).isEqualTo(profile);
    }
  }

  @Test
  void aServerSaysWhatIsWrongWithAProfileAndDoesNotStart() throws Exception {
    write("bakery.yaml", "bakery", "verb: login", "verb: bake");
    assertThatThrownBy(this::withFolder)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("bakery.yaml line ")
        .hasMessageContaining("\"bake\" is no verb");
    write("bakery.yaml", "bakery", "query: \"verb:delete\"", "query: \"verb:(\"");
    assertThatThrownBy(this::withFolder)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("is no query");
    Files.delete(folder.resolve("bakery.yaml"));
    write("cakes.yaml", "bakery", "title: Standard", "title: Bakery");
    assertThatThrownBy(this::withFolder)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("its file must be bakery.yaml");
    Files.delete(folder.resolve("cakes.yaml"));
    write("msp.yaml", "msp", "title: Standard", "title: Mine");
    assertThatThrownBy(this::withFolder)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("comes with the program");
  }

  @Test
  void aServerDoesNotStartWithoutTheProfileOfATenant() throws Exception {
    write("bakery.yaml", "bakery", "title: Standard", "title: Bakery");
    try (GovernedServer server = withFolder()) {
      server.tenant("oven", "bakery");
      server.stop();
      Files.delete(folder.resolve("bakery.yaml"));
      assertThatThrownBy(server::start)
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("oven")
          .hasMessageContaining("bakery.yaml");
    }
  }

  @Test
  @Tag("long")
  void aProfileThatKeepsEntriesForLessShortensNobodysRetention() throws Exception {
    write("bakery.yaml", "bakery", "default: P13M", "default: P7Y");
    try (GovernedServer server = withFolder()) {
      server.tenant("oven", "bakery");
      restartWith(server, "default: P90D");
      server.tenant("stove", "bakery");
      assertThat(server.get("/v1/tenants/oven/retention").path("period").asString())
          .isEqualTo("P7Y");
      assertThat(server.get("/v1/tenants/stove/retention").path("period").asString())
          .isEqualTo("P90D");
      restartWith(server, "default: P10Y");
      restartWith(server, "default: P8Y");
      for (String tenant : List.of("oven", "stove")) {
        assertThat(server.get("/v1/tenants/" + tenant + "/retention").path("period").asString())
            .isEqualTo("P10Y");
      }
      restartWith(server, "default: P90D, configurable: false");
      assertThat(server.get("/v1/tenants/oven/retention").path("period").asString())
          .isEqualTo("P10Y");
      restartWith(server, "default: P90D");
      String change = "{\"version\":0,\"period\":\"P90D\",\"reason\":\"as agreed\"%s}";
      GovernedServer.Answer asked =
          server.call("PUT", "/v1/tenants/oven/retention", change.formatted(""));
      assertThat(asked.code()).isEqualTo("confirmation_required");
      String confirmed =
          ",\"confirm_entries\":%d,\"confirm_at\":\"%s\""
              .formatted(asked.body().path("entries").asLong(), asked.body().path("at").asString());
      assertThat(
              server
                  .call("PUT", "/v1/tenants/oven/retention", change.formatted(confirmed))
                  .status())
          .isEqualTo(200);
      server.stop();
      server.start();
      assertThat(server.get("/v1/tenants/oven/retention").path("period").asString())
          .isEqualTo("P90D");
      restartWith(server, "default: P60D, configurable: false");
      assertThat(server.get("/v1/tenants/oven/retention").path("period").asString())
          .isEqualTo("P90D");
      restartWith(server, "default: P2Y, configurable: false");
      assertThat(server.get("/v1/tenants/oven/retention").path("period").asString())
          .isEqualTo("P2Y");
    }
  }

  private void restartWith(GovernedServer server, String retention) throws Exception {
    server.stop();
    write("bakery.yaml", "bakery", "default: P13M", retention);
    server.start();
  }

  @Test
  void thereMayBeAsManyAsTheLimitAndNoMore() throws Exception {
    for (int i = 0; i < Profiles.MAX_OWN; i++) {
      write("p" + i + ".yaml", "p" + i, "title: Standard", "title: Mine");
    }
    assertThat(Profiles.with(folder, _ -> null).all()).hasSize(6 + Profiles.MAX_OWN);
    write("more.yaml", "more", "title: Standard", "title: Mine");
    assertThatThrownBy(() -> Profiles.with(folder, _ -> null))
        .hasMessageContaining("there may be " + Profiles.MAX_OWN);
  }
}
