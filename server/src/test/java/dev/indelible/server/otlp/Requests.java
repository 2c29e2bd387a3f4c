package dev.indelible.server.otlp;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.HexFormat;

/** Export requests made with the classes that OpenTelemetry generates. */
final class Requests {

  static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  static final String SPAN = "00f067aa0ba902b7";

  /** 2026-11-20T10:00:00.123456789Z. */
  static final long NANOS = 1_795_168_800_123_456_789L;

  private Requests() {}

  static AnyValue text(String text) {
    return AnyValue.newBuilder().setStringValue(text).build();
  }

  static KeyValue attribute(String key, String value) {
    return attribute(key, text(value));
  }

  static KeyValue attribute(String key, AnyValue value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }

  /** A record of a sign-in, with what most records have. */
  static LogRecord.Builder signIn() {
    return LogRecord.newBuilder()
        .setTimeUnixNano(NANOS)
        .setObservedTimeUnixNano(NANOS + 1_000_000_000L)
        .setSeverityNumber(SeverityNumber.SEVERITY_NUMBER_INFO)
        .setSeverityText("INFO")
        .setEventName("user.login")
        .setBody(text("signed in"))
        .setTraceId(bytes(TRACE))
        .setSpanId(bytes(SPAN))
        .setFlags(1)
        .addAttributes(attribute("user.id", "u_7"))
        .addAttributes(attribute("user.full_name", "Ana"))
        .addAttributes(attribute("client.address", "203.0.113.9"))
        .addAttributes(attribute("app.plan", "gold"));
  }

  static ByteString bytes(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }

  static ResourceLogs.Builder logs(LogRecord.Builder... records) {
    ScopeLogs.Builder scope =
        ScopeLogs.newBuilder()
            .setScope(InstrumentationScope.newBuilder().setName("shop").setVersion("1.2"));
    for (LogRecord.Builder record : records) {
      scope.addLogRecords(record);
    }
    return ResourceLogs.newBuilder()
        .setResource(
            Resource.newBuilder()
                .addAttributes(attribute("service.name", "checkout"))
                .addAttributes(attribute("indelible.tenant", "acme")))
        .addScopeLogs(scope);
  }

  static byte[] request(LogRecord.Builder... records) {
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(logs(records))
        .build()
        .toByteArray();
  }
}
