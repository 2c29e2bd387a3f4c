package dev.indelible.server.sink;

import dev.indelible.server.deliver.AddressGuard.Transport;
import dev.indelible.server.deliver.Delivery;
import dev.indelible.server.deliver.GuardedHttp;
import dev.indelible.server.deliver.HttpAnswers;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.json.Rfc3339;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Posts batches to a web address, each a signed message of which a repeat has the same id. */
final class WebhookSink implements Sink {

  /** How long an attempt may take; the specification advises 15 to 30 s. */
  static final Duration DEADLINE = Duration.ofSeconds(30);

  /** Bytes of an answer that are read, so that the connection can be used again. */
  static final int MAX_ANSWER_BYTES = 64 * 1024;

  private static final int TOO_LARGE = 413;

  private static final Logger LOG = LoggerFactory.getLogger(WebhookSink.class);

  private final SinkType.Opening opening;
  private final InstantSource clock;
  private final ObjectNode settings;
  private final URI url;
  private @Nullable CloseableHttpClient client; // guarded by this
  private volatile int status; // of the newest answer

  WebhookSink(SinkType.Opening opening, InstantSource clock) {
    this.opening = opening;
    this.clock = clock;
    this.settings = opening.settings();
    this.url = URI.create(settings.path("url").asString(""));
  }

  @Override
  public Answer send(Batch batch) throws InterruptedException {
    SortedMap<Integer, String> rejected = new TreeMap<>();
    String id = batch.stream() + "-" + batch.tenant().value() + "-" + batch.number();
    byte[] body = body(batch);
    Answer answer = TimeLimit.within(DEADLINE, () -> post(id, body));
    if (answer instanceof Answer.Refused && status == TOO_LARGE) {
      if (batch.messages().size() > 1) {
        return new Answer.Failed(where() + " answered 413: the batch is too large for it");
      }
      rejected.put(0, where() + " answered 413: the entry is too large for it");
      return new Answer.Taken(rejected);
    }
    return answer;
  }

  @Override
  public Answer probe() throws InterruptedException {
    Instant now = clock.instant();
    ObjectNode message = JsonNodeFactory.instance.objectNode();
    message.put("type", "stream.test");
    message.put("timestamp", Rfc3339.format(now));
    message.put("stream", opening.stream());
    TenantId tenant = opening.tenant();
    if (tenant != null) {
      message.put("tenant", tenant.value());
    }
    byte[] body = JsonMapper.shared().writeValueAsBytes(message);
    return TimeLimit.within(
        DEADLINE, () -> post(opening.stream() + "-test-" + now.toEpochMilli(), body));
  }

  /** An object with the entries in it; those of a form that is not JSON are texts. */
  static byte[] body(Batch batch) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
    ObjectNode head = JsonNodeFactory.instance.objectNode();
    head.put("type", "entries");
    head.put("stream", batch.stream());
    head.put("tenant", batch.tenant().value());
    head.put("number", batch.number());
    byte[] begin = JsonMapper.shared().writeValueAsBytes(head);
    out.write(begin, 0, begin.length - 1);
    out.writeBytes(",\"entries\":[".getBytes(StandardCharsets.US_ASCII));
    boolean first = true;
    for (Message message : batch.messages()) {
      if (!first) {
        out.write(',');
      }
      first = false;
      byte[] body = message.body();
      if (body.length > 0 && body[0] == '{') {
        out.writeBytes(body);
      } else {
        String text = new String(body, StandardCharsets.UTF_8);
        out.writeBytes(JsonMapper.shared().writeValueAsBytes(text));
      }
    }
    out.writeBytes("]}".getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }

  private Answer post(String id, byte[] body) throws IOException {
    WebhookSignatures signatures = signatures();
    if (signatures == null) {
      return new Answer.Refused(
          "its secret cannot be read with the installation's key; make a new one");
    }
    HttpPost post = new HttpPost(url);
    post.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
    for (Map.Entry<String, JsonNode> header : settings.path("headers").properties()) {
      post.setHeader(header.getKey(), header.getValue().asString(""));
    }
    signatures.headers(id, clock.instant(), body).forEach(post::setHeader);
    ClassicHttpResponse response = client().executeOpen(null, post, null);
    try {
      status = response.getCode();
      return switch (HttpAnswers.outcome(
          response.getCode(),
          HttpAnswers.retryAfter(response.getFirstHeader("Retry-After"), clock.instant()),
          where())) {
        case Delivery.Outcome.Arrived _ -> new Answer.Taken();
        case Delivery.Outcome.Failed(String problem, var after) ->
            new Answer.Failed(problem, 0, after);
        case Delivery.Outcome.Refused(String problem) -> new Answer.Refused(problem);
      };
    } finally {
      end(post, response);
    }
  }

  /** Ends an answer whose status is known; what becomes of the rest changes nothing. */
  private static void end(HttpPost post, ClassicHttpResponse response) {
    try (response) {
      drain(post, response.getEntity());
    } catch (IOException e) {
      LOG.debug("a connection is not used again", e);
    }
  }

  /** Reads a short answer to its end; the connection of a longer one is closed. */
  private static void drain(HttpPost post, @Nullable HttpEntity entity) throws IOException {
    if (entity == null) {
      return;
    }
    byte[] buffer = new byte[4_096];
    int left = MAX_ANSWER_BYTES;
    InputStream in = entity.getContent();
    int count;
    while (left > 0 && (count = in.read(buffer, 0, Math.min(left, buffer.length))) >= 0) {
      left -= count;
    }
    if (left <= 0) {
      boolean _ = post.cancel();
    }
  }

  private @Nullable WebhookSignatures signatures() {
    byte[] secret = opening.secret().apply(WebhookType.SECRET);
    if (secret == null) {
      return null;
    }
    String until = settings.path(WebhookType.OVERLAP_UNTIL).asString("");
    boolean overlaps = !until.isEmpty() && clock.instant().isBefore(Instant.parse(until));
    return new WebhookSignatures(
        settings.path("signature").asString(WebhookType.V1),
        secret,
        overlaps ? opening.secret().apply(WebhookType.SECRET_BEFORE) : null);
  }

  private synchronized CloseableHttpClient client() {
    CloseableHttpClient open = client;
    if (open == null) {
      open =
          GuardedHttp.client(
              opening.guard(), url.getScheme().equals("https") ? Transport.TLS : Transport.PLAIN);
      client = open;
    }
    return open;
  }

  /** The address without path and query, which may be secret. */
  private String where() {
    return url.getScheme() + "://" + url.getAuthority();
  }

  @Override
  public synchronized void close() {
    CloseableHttpClient open = client;
    if (open != null) {
      open.close(CloseMode.IMMEDIATE);
      client = null;
    }
  }
}
