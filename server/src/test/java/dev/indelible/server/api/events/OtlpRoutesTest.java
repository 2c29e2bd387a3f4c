package dev.indelible.server.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.ProblemForm;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Problems as OTLP has them. */
class OtlpRoutesTest {

  private static String text(ProblemForm.Document document) {
    return new String(document.bytes(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "400, 400, 3",
    "401, 401, 16",
    "403, 403, 7",
    "408, 503, 14",
    "413, 413, 3",
    "415, 415, 3",
    "429, 429, 8",
    "500, 500, 13",
    "503, 503, 14",
  })
  void aProblemIsAStatusThatExportersUnderstand(int status, int answered, int code) {
    ProblemForm.Document document =
        OtlpRoutes.problem(new ProblemException(status, "some_code", "Why."), "");
    assertThat(document.status()).isEqualTo(answered);
    assertThat(document.mediaType()).isEqualTo("application/json");
    assertThat(text(document))
        .isEqualTo("{\"code\":%d,\"message\":\"some_code: Why.\"}".formatted(code));
  }

  @Test
  void itIsInTheEncodingOfTheRequest() {
    ProblemException problem = new ProblemException(400, "bad_json", "Why.");
    assertThat(OtlpRoutes.problem(problem, "application/x-protobuf").mediaType())
        .isEqualTo("application/x-protobuf");
    assertThat(text(OtlpRoutes.problem(problem, "application/x-protobuf")))
        .endsWith("bad_json: Why.");
    assertThat(OtlpRoutes.problem(problem, "text/plain").mediaType()).isEqualTo("application/json");
  }
}
