package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.deliver.DeliveryTerms;
import dev.indelible.server.deliver.MailTerms;
import dev.indelible.server.witness.Witnesses;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
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
    assertThat(config.queryTimeout()).isEqualTo(Duration.ofSeconds(25));
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

  @Test
  void aPolicyOfWitnessesIsReadOrSaidWhatIsWrong(@TempDir Path folder) throws Exception {
    String key = "witness.example.net/w1+669be294+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X";
    String at = "witness w1 " + key + " https://w.example/\n";
    Path file = folder.resolve("witnesses.policy");
    Files.writeString(file, at + "quorum w1\n");
    Settings settings =
        Settings.resolve(Map.of(Setting.WITNESS_POLICY, file.toString()), Map.of(), null);
    Witnesses.Terms terms = ServerConfig.of(settings).witnesses();
    assertThat(terms.witnesses().getFirst().submissionPrefix())
        .isEqualTo(URI.create("https://w.example"));
    assertThat(terms.forCheckpoints().needed()).isEqualTo(1);
    assertThatThrownBy(
            () ->
                ServerConfig.of(
                    Settings.resolve(
                        Map.of(
                            Setting.WITNESS_POLICY, file.toString(), Setting.WITNESS_QUORUM, "1"),
                        Map.of(),
                        null)))
        .hasMessageContaining("leave out witness.list and witness.quorum");
    Map<String, String> faults =
        Map.of(
            at,
            "no line says which quorum",
            at + "quorum none\n",
            "its quorum is none",
            "witness w1 " + key + "\nquorum w1\n",
            "witness.example.net/w1 has no address",
            "witness w1 " + key + " https://o:s3cret@w.example/%\nquorum w1\n",
            "no http",
            "wtns\n",
            "line 1");
    for (Map.Entry<String, String> fault : faults.entrySet()) {
      Files.writeString(file, fault.getKey());
      assertThatThrownBy(() -> ServerConfig.of(settings))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("witness.policy: " + file)
          .hasMessageContaining(fault.getValue())
          .hasMessageNotContaining("s3cret");
    }
    Files.delete(file);
    assertThatThrownBy(() -> ServerConfig.of(settings))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("witness.policy");
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

  private static ServerConfig configured(Map<String, String> values) throws Exception {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    values.forEach((key, value) -> flags.put(Setting.ofKey(key).orElseThrow(), value));
    return ServerConfig.of(Settings.resolve(flags, Map.of(), null));
  }

  @Test
  void destinationsAreSetUpByTheOperator() throws Exception {
    Path password = Files.writeString(directory.resolve("password"), "hunter2\n");
    DeliveryTerms terms =
        configured(
                Map.of(
                    "deliver.root", "/srv/exports",
                    "deliver.allow_private", "10.0.0.0/8, fd00::/8",
                    "http.public_url", "https://audit.example.com/",
                    "mail.host", "smtp.example.com",
                    "mail.sender", "audit@example.com",
                    "mail.user", "audit",
                    "mail.password_file", password.toString()))
            .delivery();
    assertThat(terms.root()).isEqualTo(Path.of("/srv/exports"));
    assertThat(terms.allowPrivate()).extracting(Object::toString).contains("10.0.0.0/8").hasSize(2);
    assertThat(terms.publicUrl()).isEqualTo("https://audit.example.com");
    assertThat(terms.mail())
        .isEqualTo(
            new MailTerms(
                "smtp.example.com",
                587,
                MailTerms.Security.STARTTLS,
                "audit",
                "hunter2",
                "audit@example.com"));
    assertThat(String.valueOf(terms.mail())).doesNotContain("hunter2");
    assertThat(configured(Map.of()).delivery()).isEqualTo(DeliveryTerms.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "deliver.root=./data/exports|apart",
        "deliver.root=.|apart",
        "deliver.allow_private=10.0.0.0/40|deliver.allow_private",
        "deliver.allow_private=10.0.0.0/8,|deliver.allow_private",
        "mail.host=smtp.example.com|mail.sender",
        "mail.host=a b;mail.sender=a@b.test|mail.host",
        "mail.host=h;mail.sender=Ana <a@b.test>|mail.sender",
        "mail.host=h;mail.sender=a@b.test;mail.user=u|mail.password_file",
        "mail.host=h;mail.sender=a@b.test;mail.user=u;mail.password_file=/x;mail.tls=none|mail.tls",
        "mail.host=h;mail.sender=a@b.test;mail.user=u;mail.password_file=/no/such/file|/no/such/file",
        "mail.tls=ssl|mail.tls",
        "mail.port=0|mail.port",
        "mail.port=65536|mail.port"
      })
  void aDestinationsSettingThatCannotBeUsedIsNamed(String values, String named) {
    Map<String, String> flags = new HashMap<>();
    for (String one : values.split(";", -1)) {
      flags.put(one.substring(0, one.indexOf('=')), one.substring(one.indexOf('=') + 1));
    }
    assertThatThrownBy(() -> configured(flags))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(named);
  }

  @Test
  void networksAreBounded() {
    String many = "10.0.0.0/8,".repeat(DeliveryTerms.MAX_NETWORKS) + "10.0.0.0/8";
    assertThatThrownBy(() -> configured(Map.of("deliver.allow_private", many)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("one too many");
  }
}
