package dev.indelible.server.deliver;

import static dev.indelible.server.deliver.Surroundings.ACME;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.control.Destination;
import dev.indelible.server.deliver.DestinationRequests.Made;
import dev.indelible.server.deliver.MailTerms.Security;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DestinationRequestsTest {

  private static final String S3 =
      """
      {"type":"s3","endpoint":"http://127.0.0.1:9000","region":"eu-central-1","bucket":"audit",
       "prefix":"acme/","path_style":true,"access_key":"AKIA1","secret":"s3cret"}
      """;

  private final Surroundings surroundings =
      new Surroundings()
          .root(Path.of("/srv/exports"))
          .mail(new MailTerms("mail.test", 587, Security.STARTTLS, null, null, "a@mail.test"));
  private final List<String> faults = new ArrayList<>();

  private @Nullable Made read(String json, @Nullable Destination before) {
    JsonNode tree = JsonMapper.shared().readTree(json);
    return new DestinationRequests(surroundings.around())
        .read(ACME, tree, before, (field, code, _) -> faults.add((field + " " + code).strip()));
  }

  private Made made(String json, @Nullable Destination before) {
    Made made = read(json, before);
    assertThat(faults).isEmpty();
    return requireNonNull(made);
  }

  private static String written(Destination destination) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JsonMapper.shared().createGenerator(out)) {
      DestinationRequests.write(destination, json);
    }
    return out.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":\"inbox\"}",
        "{\"type\":\"directory\",\"path\":\"siem/daily\"}",
        "{\"type\":\"email\",\"addresses\":[\"ana@acme.test\",\"b.o+x@acme.test\"],\"language\":\"de\"}"
      })
  void whatIsAskedForIsWhatIsShown(String json) {
    Made made = made(json, null);
    assertThat(written(made.destination())).isEqualTo(json);
  }

  @Test
  void aSecretGoesInAndDoesNotComeOut() {
    Made made = made(S3, null);
    Destination.Bucket bucket = (Destination.Bucket) made.destination();
    assertThat(bucket.sealedSecret()).doesNotContain("s3cret");
    assertThat(written(bucket)).doesNotContain("secret", "s3cret", bucket.sealedSecret());
    assertThat(
            surroundings.around().cipher().open(ACME, SecretUse.of(bucket), bucket.sealedSecret()))
        .hasValue("s3cret".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aSecretStaysForItsAddressAndForNoOther() {
    Destination.Bucket before = (Destination.Bucket) made(S3, null).destination();
    String without = S3.replace(",\"secret\":\"s3cret\"", "").replace("acme/", "other/");
    Destination.Bucket after = (Destination.Bucket) made(without, before).destination();
    assertThat(after.prefix()).isEqualTo("other/");
    assertThat(after.sealedSecret()).isEqualTo(before.sealedSecret());
    assertThat(read(without.replace(":9000", ":9001"), before)).isNull();
    assertThat(read(without.replace("AKIA1", "AKIA2"), before)).isNull();
    assertThat(read(without, null)).isNull();
    assertThat(faults).containsExactly("secret missing", "secret missing", "secret missing");
  }

  @Test
  void aWebhooksSecretIsShownOnceAndStaysWithItsAddress() {
    String json = "{\"type\":\"webhook\",\"url\":\"http://127.0.0.1:9/hook\"}";
    Made made = made(json, null);
    assertThat(made.signingSecret()).startsWith("whsec_");
    Made same = made(json, made.destination());
    assertThat(same.destination()).isEqualTo(made.destination());
    assertThat(same.signingSecret()).isNull();
    Made anew = made(json.replace("}", ",\"new_secret\":true}"), made.destination());
    assertThat(anew.signingSecret()).startsWith("whsec_").isNotEqualTo(made.signingSecret());
    Made moved = made(json.replace("/hook", "/other"), made.destination());
    assertThat(moved.signingSecret()).startsWith("whsec_").isNotEqualTo(made.signingSecret());
    assertThat(written(made.destination())).isEqualTo(json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]| wrong_type",
        "{}|type missing",
        "{\"type\":7}|type wrong_type",
        "{\"type\":\"ftp\"}|type unknown_value",
        "{\"type\":\"inbox\",\"path\":\"x\"}|path unknown_field",
        "{\"type\":\"directory\",\"path\":\"../x\"}|path bad_format",
        "{\"type\":\"webhook\"}|url missing",
        "{\"type\":\"webhook\",\"url\":\"ftp://a.test/\"}|url bad_format",
        "{\"type\":\"webhook\",\"url\":\"https://u:p@a.test/\"}|url bad_format",
        "{\"type\":\"webhook\",\"url\":\"https://a.test/#x\"}|url bad_format",
        "{\"type\":\"webhook\",\"url\":\"https://a.test\\n/\"}|url bad_format",
        "{\"type\":\"webhook\",\"url\":\"https://a.test:99999/\"}|url bad_format",
        "{\"type\":\"webhook\",\"url\":\"https://10.0.0.1/\"}|url not_allowed",
        "{\"type\":\"webhook\",\"url\":\"https://169.254.169.254/latest\"}|url not_allowed",
        "{\"type\":\"webhook\",\"url\":\"https://[fd00::1]/\"}|url not_allowed",
        "{\"type\":\"webhook\",\"url\":\"http://1.1.1.1/\"}|url not_allowed",
        "{\"type\":\"email\",\"addresses\":[],\"language\":\"en\"}|addresses out_of_range",
        "{\"type\":\"email\",\"addresses\":[\"a@b.test\"],\"language\":\"fr\"}|language unknown_value",
        "{\"type\":\"email\",\"addresses\":[\"a@b.test\\r\\nBcc: c@d.test\"],\"language\":\"en\"}|addresses/0 bad_format",
        "{\"type\":\"email\",\"addresses\":[\"Ana <a@b.test>\"],\"language\":\"en\"}|addresses/0 bad_format",
        "{\"type\":\"email\",\"addresses\":[\"a@b.test,c@d.test\"],\"language\":\"en\"}|addresses/0 bad_format",
        "{\"type\":\"email\",\"addresses\":[\"a@localhost\"],\"language\":\"en\"}|addresses/0 bad_format"
      })
  void whatIsWrongIsNamedByItsField(String json, String fault) {
    assertThat(read(json, null)).isNull();
    assertThat(faults).containsExactly(fault);
  }

  @Test
  void everythingThatIsWrongIsToldAtOnce() {
    assertThat(
            read(
                """
                {"type":"s3","endpoint":"https://10.0.0.1","region":"Europe","bucket":"A","prefix":"/x",
                 "path_style":"yes","access_key":"a b","secret":"ä","more":1}
                """,
                null))
        .isNull();
    assertThat(faults)
        .containsExactlyInAnyOrder(
            "more unknown_field",
            "region bad_format",
            "bucket bad_format",
            "path_style wrong_type",
            "access_key bad_format",
            "prefix bad_format",
            "secret bad_format",
            "endpoint not_allowed");
  }

  @Test
  void whatTheOperatorHasNotSetUpIsNotOffered() {
    surroundings.root(null).mail(null);
    assertThat(read("{\"type\":\"directory\"}", null)).isNull();
    assertThat(read("{\"type\":\"email\",\"addresses\":[\"a@b.test\"],\"language\":\"en\"}", null))
        .isNull();
    assertThat(faults).containsExactly("type not_allowed", "type not_allowed");
  }
}
