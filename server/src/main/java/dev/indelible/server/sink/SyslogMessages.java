package dev.indelible.server.sink;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.json.Rfc3339;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Entries as syslog messages (RFC 5424), each with its length in front (RFC 6587, section 3.4.1,
 * and RFC 5425, section 4.3):
 *
 * <pre>
 * LENGTH SP &lt;PRI&gt;1 SP TIME SP HOSTNAME SP APP-NAME SP - SP MSGID SP [audit@N …] SP BODY
 * </pre>
 *
 * <p>Parameters have lower-case names without dots, each once: rsyslog's {@code mmpstrucdata}
 * merges names that differ in case only and keeps the last of two equal ones, and syslog-ng 3.38
 * makes another element of what is before a dot. The body never begins with a byte order mark,
 * since {@code mmjsonparse} does not take what follows one for JSON.
 *
 * <p>A message above the limit is not cut but shortened: receivers cut one into pieces without
 * header (rsyslog {@code imtcp} above 8,096 bytes), drop its tail ({@code imptcp}) or hang up
 * (syslog-ng above 65,536). The short one names the entry, what was left out of it, and where to
 * read it.
 */
final class SyslogMessages {

  /** The most characters of a name or an action in the structured data. */
  static final int MAX_VALUE = 256;

  /** The most bytes of the head of CEF and LEEF that a short message keeps. */
  static final int MAX_HEAD = 1024;

  private static final int WARNING = 4;
  private static final int NOTICE = 5;
  private static final int INFORMATIONAL = 6;
  private static final int SEVERITIES = 8;
  private static final int HEADS_BARS = 7;
  private static final int LEEF_BARS = 5;

  /** Short messages keep these of an entry's fields. */
  private static final List<String> KEPT =
      List.of("id", "tenant", "seq", "occurred_at", "recorded_at", "action", "outcome");

  /** Those among them that come from the message itself. */
  private static final Set<String> ALWAYS = Set.of("id", "tenant", "seq");

  /**
   * Terms of one receiver.
   *
   * @param stream id of the stream
   * @param facility 0 to 23
   * @param hostName of the sender, or {@code -}
   * @param appName of the sender
   * @param enterprise number of the private enterprise behind the names in the structured data
   * @param cookie whether {@code @cee:} stands in front of JSON
   * @param maxBytes of a message, without the length in front
   */
  record Terms(
      String stream,
      int facility,
      String hostName,
      String appName,
      int enterprise,
      boolean cookie,
      int maxBytes) {}

  private final Terms terms;

  SyslogMessages(Terms terms) {
    this.terms = terms;
  }

  /** Writes an entry as a frame; whole, or short where it would be longer than the limit. */
  byte[] frame(Batch batch, Message message) {
    boolean json = message.body().length > 0 && message.body()[0] == '{';
    String head = head(batch, message) + "]" + (json && terms.cookie() ? " @cee: " : " ");
    byte[] start = head.getBytes(StandardCharsets.UTF_8);
    byte[] body = json ? SyslogJson.safe(message.body()) : withoutNull(message.body());
    return start.length + body.length <= terms.maxBytes()
        ? framed(start, body)
        : shortened(batch, message, json);
  }

  /** A message that shows whether messages arrive. */
  byte[] probe(Instant now) {
    ObjectNode body = JsonMapper.shared().createObjectNode();
    body.put("type", "test").put("stream", terms.stream());
    String head =
        start(INFORMATIONAL, now, "test")
            + "[audit@%d stream=\"%s\"]".formatted(terms.enterprise(), value(terms.stream()))
            + (terms.cookie() ? " @cee: " : " ");
    return framed(
        head.getBytes(StandardCharsets.UTF_8), JsonMapper.shared().writeValueAsBytes(body));
  }

  private String start(int severity, Instant at, String type) {
    return "<%d>1 %s %s %s - %s "
        .formatted(
            terms.facility() * SEVERITIES + severity,
            Rfc3339.format(at),
            terms.hostName(),
            terms.appName(),
            type);
  }

  private String head(Batch batch, Message message) {
    StringBuilder head =
        new StringBuilder(start(severity(message.entry()), message.occurredAt(), "entry"));
    head.append("[audit@").append(terms.enterprise());
    parameter(head, "stream", batch.stream());
    parameter(head, "batch", Long.toString(batch.number()));
    parameter(head, "tenant", batch.tenant().value());
    parameter(head, "seq", Long.toString(message.seq()));
    parameter(head, "id", message.id());
    String action = text(message.entry(), "action");
    if (!action.isEmpty()) {
      parameter(head, "action", action);
    }
    return head.toString();
  }

  private static void parameter(StringBuilder head, String name, String value) {
    head.append(' ').append(name).append("=\"").append(value(value)).append('"');
  }

  /** A value as RFC 5424, section 6.3.3, escapes it, without control characters. */
  private static String value(String text) {
    StringBuilder value = new StringBuilder(text.length());
    text.codePoints()
        .limit(MAX_VALUE)
        .forEach(
            point -> {
              if (point == '"' || point == '\\' || point == ']') {
                value.append('\\');
              }
              value.appendCodePoint(Character.isISOControl(point) ? ' ' : point);
            });
    return value.toString();
  }

  private static int severity(JsonNode entry) {
    if ("failure".equals(text(entry, "outcome"))) {
      return WARNING;
    }
    JsonNode security = entry.get("security_relevant");
    return security != null && security.asBoolean(false) ? NOTICE : INFORMATIONAL;
  }

  private static String text(JsonNode entry, String name) {
    JsonNode value = entry.get(name);
    return value != null && value.isString() ? value.stringValue() : "";
  }

  private byte[] shortened(Batch batch, Message message, boolean json) {
    List<String> leftOut = new ArrayList<>();
    ObjectNode facts = JsonMapper.shared().createObjectNode();
    facts.put("id", message.id());
    facts.put("tenant", batch.tenant().value());
    facts.put("seq", message.seq());
    for (String name : message.entry().propertyNames()) {
      if (!KEPT.contains(name)) {
        leftOut.add(name);
      } else if (!ALWAYS.contains(name)) {
        facts.set(name, message.entry().get(name));
      }
    }
    String read = path(batch.tenant(), message.id());
    facts.put("shortened", true);
    facts.put("bytes", message.body().length);
    facts.set("left_out", JsonMapper.shared().valueToTree(leftOut));
    facts.put("read", read);
    StringBuilder head = new StringBuilder(head(batch, message));
    parameter(head, "bytes", Integer.toString(message.body().length));
    parameter(head, "left_out", String.join(",", leftOut));
    parameter(head, "read", read);
    head.append(json && terms.cookie() ? "] @cee: " : "] ");
    byte[] body =
        json
            ? SyslogJson.safe(JsonMapper.shared().writeValueAsBytes(facts))
            : extension(message, leftOut, read).getBytes(StandardCharsets.UTF_8);
    return framed(head.toString().getBytes(StandardCharsets.UTF_8), body);
  }

  /** The head of a CEF or LEEF message as it was, and the facts as its extension. */
  private static String extension(Message message, List<String> leftOut, String read) {
    String body = new String(message.body(), StandardCharsets.UTF_8);
    int bars = body.startsWith("CEF:") ? HEADS_BARS : LEEF_BARS;
    String between = body.startsWith("CEF:") ? " " : "\t";
    int end = 0;
    for (int seen = 0; seen < bars && end < Math.min(body.length(), MAX_HEAD); end++) {
      if (body.charAt(end) == '|' && (end == 0 || body.charAt(end - 1) != '\\')) {
        seen++;
      }
    }
    String facts =
        String.join(
            between,
            "externalId=" + message.id().replace("=", "\\="),
            "seq=" + message.seq(),
            "bytes=" + message.body().length,
            "leftOut=" + String.join(",", leftOut),
            "read=" + read.replace("=", "\\="));
    return body.substring(0, end) + (bars == HEADS_BARS ? " " : "") + facts;
  }

  /** The path of the whole entry at the API. */
  static String path(TenantId tenant, String id) {
    return "/v1/tenants/" + tenant.value() + "/events/" + id;
  }

  private static byte[] withoutNull(byte[] body) {
    for (byte octet : body) {
      if (octet == 0) {
        return new String(body, StandardCharsets.UTF_8)
            .replace('\0', SyslogJson.NULL_PICTURE)
            .getBytes(StandardCharsets.UTF_8);
      }
    }
    return body;
  }

  private static byte[] framed(byte[] head, byte[] body) {
    byte[] length = (head.length + body.length + " ").getBytes(StandardCharsets.US_ASCII);
    byte[] frame = new byte[length.length + head.length + body.length];
    System.arraycopy(length, 0, frame, 0, length.length);
    System.arraycopy(head, 0, frame, length.length, head.length);
    System.arraycopy(body, 0, frame, length.length + head.length, body.length);
    return frame;
  }
}
