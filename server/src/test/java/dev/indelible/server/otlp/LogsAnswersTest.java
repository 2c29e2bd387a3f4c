package dev.indelible.server.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnknownFieldSet;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Answers of OTLP/HTTP, read by the classes that OpenTelemetry generates. */
class LogsAnswersTest {

  private static String json(byte[] body) {
    return new String(body, StandardCharsets.UTF_8);
  }

  @Test
  void aResponseIsEmptyWhenAllIsRecorded() {
    assertThat(LogsAnswers.response(Encoding.PROTOBUF, 0, "")).isEmpty();
    assertThat(json(LogsAnswers.response(Encoding.JSON, 0, ""))).isEqualTo("{}");
  }

  @Test
  void aResponseCountsWhatIsRejected() throws Exception {
    ExportLogsServiceResponse response =
        ExportLogsServiceResponse.parseFrom(LogsAnswers.response(Encoding.PROTOBUF, 3, "Größe"));
    assertThat(response.getPartialSuccess().getRejectedLogRecords()).isEqualTo(3);
    assertThat(response.getPartialSuccess().getErrorMessage()).isEqualTo("Größe");
    assertThat(json(LogsAnswers.response(Encoding.JSON, 3, "why")))
        .isEqualTo("{\"partialSuccess\":{\"rejectedLogRecords\":\"3\",\"errorMessage\":\"why\"}}");
  }

  @Test
  void aStatusHasTheCodeOfGoogleRpc() throws Exception {
    UnknownFieldSet status =
        UnknownFieldSet.parseFrom(LogsAnswers.status(Encoding.PROTOBUF, 503, "stopping: later"));
    assertThat(status.getField(1).getVarintList()).containsExactly(14L);
    assertThat(status.getField(2).getLengthDelimitedList().getFirst().toStringUtf8())
        .isEqualTo("stopping: later");
    assertThat(json(LogsAnswers.status(Encoding.JSON, 400, "bad_json: x")))
        .isEqualTo("{\"code\":3,\"message\":\"bad_json: x\"}");
  }
}
