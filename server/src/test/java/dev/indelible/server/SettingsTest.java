package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  @TempDir Path directory;

  private Path file(String yaml) throws Exception {
    return Files.writeString(directory.resolve("indelible.yaml"), yaml);
  }

  @Test
  void flagsWinOverTheEnvironmentAndItOverTheFileAndItOverTheDefault() throws Exception {
    Path file = file("port: 1\nhost: a\ndata: d\n");
    Settings settings =
        Settings.resolve(
            Map.of(Setting.PORT, "3"),
            Map.of("INDELIBLE_PORT", "2", "INDELIBLE_HOST", "b", "PATH", "x"),
            file);
    assertThat(settings.number(Setting.PORT, 0, 9)).isEqualTo(3);
    assertThat(settings.text(Setting.HOST)).hasValue("b");
    assertThat(settings.path(Setting.DATA)).hasValue(Path.of("d"));
    assertThat(settings.duration(Setting.STOP_TIMEOUT, Duration.ZERO, Duration.ofHours(1)))
        .isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void keysOfTheFileMayNestOrHaveDots() throws Exception {
    Settings settings =
        Settings.resolve(
            Map.of(), Map.of(), file("log:\n  seal_age: 7s\njournal.segment_bytes: 2MiB\n"));
    assertThat(settings.duration(Setting.SEAL_AGE, Duration.ZERO, Duration.ofHours(1)))
        .isEqualTo(Duration.ofSeconds(7));
    assertThat(settings.bytes(Setting.SEGMENT_BYTES, 0, Long.MAX_VALUE)).isEqualTo(2 << 20);
  }

  @Test
  void anUnknownKeyIsNamedWhereverItStands() throws Exception {
    Path file = file("prot: 1\n");
    assertThatThrownBy(() -> Settings.resolve(Map.of(), Map.of(), file))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("prot")
        .hasMessageContaining(file.toString());
    assertThatThrownBy(() -> Settings.resolve(Map.of(), Map.of("INDELIBLE_PROT", "1"), null))
        .hasMessageContaining("INDELIBLE_PROT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"- 1", "a: [1, 2", "data: [a, b]", "just text"})
  void aFileThatIsNoMappingIsRefusedWithItsName(String yaml) throws Exception {
    Path file = file(yaml);
    assertThatThrownBy(() -> Settings.resolve(Map.of(), Map.of(), file))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("indelible.yaml");
  }

  @Test
  void everyVariableThatIsSpokenOfAnywhereIsTaken() throws Exception {
    Set<String> named = new TreeSet<>();
    Pattern name = Pattern.compile("\\bINDELIBLE_[A-Z_]+");
    for (String place :
        List.of("README.md", "indelible", "check", "scripts", "docs", "cli/src/main")) {
      try (Stream<Path> files = Files.walk(Path.of("..", place))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          // Names are ASCII, and a picture is a file too.
          String text = Files.readString(file, StandardCharsets.ISO_8859_1);
          name.matcher(text).results().forEach(found -> named.add(found.group()));
        }
      }
    }
    assertThat(named).contains("INDELIBLE_HEAP", "INDELIBLE_PORT").hasSizeGreaterThan(20);
    for (String variable : named) {
      try {
        Settings.resolve(Map.of(), Map.of(variable, ""), null);
      } catch (ConfigurationException e) {
        assertThat(e).as(variable).hasMessageNotContaining("is no setting");
      }
    }
  }

  @Test
  void aFileBeyondTheLimitIsRefused() throws Exception {
    Path file = file("# " + "x".repeat((int) Settings.MAX_FILE_BYTES) + "\n");
    assertThatThrownBy(() -> Settings.resolve(Map.of(), Map.of(), file))
        .hasMessageContaining("larger");
  }

  @ParameterizedTest
  @CsvSource({
    "port,70000",
    "port,x",
    "journal.segment_bytes,1MB",
    "log.seal_age,5",
    "insecure,yes"
  })
  void aBadValueSaysWhatIsWantedAndWhereItIsFrom(String key, String value) throws Exception {
    Setting setting = Setting.ofKey(key).orElseThrow();
    Settings settings = Settings.resolve(Map.of(setting, value), Map.of(), null);
    assertThatThrownBy(() -> ServerConfig.of(settings))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(value)
        .hasMessageContaining("--" + key);
  }

  @Test
  void theDefaultsAreThese() throws Exception {
    ServerConfig config = ServerConfig.of(Settings.resolve(Map.of(), Map.of(), null));
    assertThat(config.http().host()).isEqualTo("127.0.0.1");
    assertThat(config.http().port()).isEqualTo(8080);
    assertThat(config.segmentBytes()).isEqualTo(64 << 20);
    assertThat(config.log().sealBytes()).isEqualTo(64 << 20);
    assertThat(config.log().sealAge()).isEqualTo(Duration.ofMinutes(5));
    assertThat(config.indexRefresh()).isEqualTo(Duration.ofMillis(200));
    assertThat(config.queryTimeout()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void anAddressThatOthersReachIsRefusedWithoutTlsUnlessToldOtherwise() throws Exception {
    assertThatThrownBy(
            () ->
                ServerConfig.of(Settings.resolve(Map.of(Setting.HOST, "0.0.0.0"), Map.of(), null)))
        .hasMessageContaining("--insecure");
    assertThat(
            ServerConfig.of(
                    Settings.resolve(
                        Map.of(Setting.HOST, "0.0.0.0", Setting.INSECURE, "true"), Map.of(), null))
                .http()
                .host())
        .isEqualTo("0.0.0.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://ops:s3cret@siem.example/in | https://***@siem.example/in",
        "https://siem.example/in?token=s3cret | https://siem.example/in?***",
        "https://ops:s3cret@siem.example/in?a=b@s3cret#s3cret | https://***",
        "https://ops:s3?cret@siem.example/in | https://***",
        "https://siem.example/in#s3cret | https://siem.example/in#***",
        "https://ops:s3 cret@siem.example/in | https://***@siem.example/in",
        "ops:s3cret@siem.example | ***@siem.example",
        "https://siem.example:8088/in | https://siem.example:8088/in"
      })
  void anAddressIsPrintedWithoutWhatMayBeASecret(String address, String masked) throws Exception {
    Settings settings =
        Settings.resolve(Map.of(Setting.CHECKPOINT_WEBHOOK, address), Map.of(), null);
    assertThat(settings.print())
        .contains("checkpoint.webhook: \"" + masked + "\"")
        .doesNotContain("s3cret");
    assertThat(settings.text(Setting.CHECKPOINT_WEBHOOK)).as("what is used").hasValue(address);
    Settings again = Settings.resolve(Map.of(), Map.of(), file(settings.print()));
    assertThat(again.text(Setting.CHECKPOINT_WEBHOOK))
        .as("half an address is not used")
        .isEqualTo(address.equals(masked) ? Optional.of(address) : Optional.empty());
  }

  @Test
  void addressesOfWitnessesArePrintedWithoutWhatMayBeASecretToo() throws Exception {
    Settings settings =
        Settings.resolve(
            Map.of(
                Setting.WITNESS_LIST,
                "w1+00+AA https://a:s3cret@w.example, w2+00+AA https://x.example"),
            Map.of(),
            null);
    assertThat(settings.print())
        .contains("\"w1+00+AA https://***@w.example, w2+00+AA https://x.example\"");
  }

  @ParameterizedTest
  @CsvSource({
    "checkpoint.webhook,https://ops:s3cret@siem example/?t=s3cret",
    "checkpoint.webhook,ftp://ops:s3cret@siem.example/?t=s3cret",
    "witness.list,w+00+AA https://ops:s3cret@w.example/?t=s3cret",
    "witness.list,https://ops:s3cret@w.example/?t=s3cret w+00+AA",
    "witness.list,https://ops:s3cret@w.example/?t=s3cret",
    "witness.list,witness.example.net/w1+669be294+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"
        + " https://ops:s3cret@w.example/?t=s3cret",
    "witness.list,witness.example.net/w1+669be294+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"
        + " https://ops:s3cret@w.example/%"
  })
  void anAddressThatIsRefusedIsNamedWithoutWhatMayBeASecret(String key, String value)
      throws Exception {
    Settings settings =
        Settings.resolve(Map.of(Setting.ofKey(key).orElseThrow(), value), Map.of(), null);
    assertThatThrownBy(() -> ServerConfig.of(settings))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(key)
        .hasMessageNotContaining("s3cret")
        .hasStackTraceContaining("ConfigurationException")
        .satisfies(
            failure -> {
              for (Throwable at = failure; at != null; at = at.getCause()) {
                assertThat(String.valueOf(at.getMessage())).doesNotContain("s3cret");
              }
            });
  }

  @Test
  void whatIsPrintedIsAFileThatGivesTheSame() throws Exception {
    Settings settings = Settings.resolve(Map.of(Setting.PORT, "1234"), Map.of(), null);
    Settings again = Settings.resolve(Map.of(), Map.of(), file(settings.print()));
    for (Setting setting : Setting.values()) {
      assertThat(again.text(setting)).as(setting.key()).isEqualTo(settings.text(setting));
    }
  }
}
