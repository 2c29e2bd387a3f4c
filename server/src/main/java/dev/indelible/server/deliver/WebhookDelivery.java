package dev.indelible.server.deliver;

import dev.indelible.server.deliver.AddressGuard.Transport;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.json.Rfc3339;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells a web address of an export: a signed message (Standard Webhooks 1.0) with facts about the
 * file and where to fetch it. The file itself is not in it: whoever fetches it shows a key, so that
 * rights are asked at that moment, and what was erased meanwhile is not there.
 */
final class WebhookDelivery implements Delivery {

  /** How long an attempt may take; the specification advises 15 to 30 s. */
  static final Duration DEADLINE = Duration.ofSeconds(30);

  /** The type of a message about an export. */
  static final String EXPORT = "export.delivered";

  /** The type of a message that only shows whether messages arrive. */
  static final String TEST = "export.test";

  private final URI url;
  private final WebhookSigner signer;
  private final TenantId tenant;
  private final AddressGuard guard;
  private final @Nullable String publicUrl;
  private final InstantSource clock;

  /**
   * A webhook.
   *
   * @param url its address
   * @param signer signs with its secret
   * @param tenant whose it is
   */
  WebhookDelivery(String url, WebhookSigner signer, TenantId tenant, Deliveries.Around around) {
    this.url = URI.create(url);
    this.signer = signer;
    this.tenant = tenant;
    this.guard = around.guard();
    this.publicUrl = around.terms().publicUrl();
    this.clock = around.clock();
  }

  @Override
  public Outcome deliver(Parcel parcel) throws InterruptedException {
    Parcel.About about = parcel.about();
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.put("tenant", about.tenant().value());
    data.put("export", about.export());
    data.putObject("schedule").put("id", about.schedule()).put("name", about.name());
    data.putObject("window").put("from_seq", about.fromSeq()).put("to_seq", about.toSeq());
    data.put("entries", about.entries());
    data.putObject("file")
        .put("name", parcel.fileName())
        .put("media_type", parcel.mediaType())
        .put("bytes", parcel.sizeBytes())
        .put("sha256", parcel.sha256());
    String path = ExportLinks.file(about);
    data.put("path", path);
    if (publicUrl != null) {
      data.put("url", publicUrl + path);
    }
    return post(parcel.id(), message(EXPORT, about.madeAt(), data));
  }

  @Override
  public Outcome probe() throws InterruptedException {
    Instant now = clock.instant();
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.put("tenant", tenant.value());
    return post("test-" + now.toEpochMilli(), message(TEST, now, data));
  }

  private static byte[] message(String type, Instant at, ObjectNode data) {
    ObjectNode message = JsonNodeFactory.instance.objectNode();
    message.put("type", type);
    message.put("timestamp", Rfc3339.format(at));
    message.set("data", data);
    return JsonMapper.shared().writeValueAsString(message).getBytes(StandardCharsets.UTF_8);
  }

  private Outcome post(String id, byte[] body) throws InterruptedException {
    return Attempt.within(DEADLINE, () -> send(id, body));
  }

  private Outcome send(String id, byte[] body) throws IOException {
    HttpPost post = new HttpPost(url);
    post.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
    signer.headers(id, clock.instant(), body).forEach(post::setHeader);
    Transport transport = url.getScheme().equals("https") ? Transport.TLS : Transport.PLAIN;
    try (CloseableHttpClient client = GuardedHttp.client(guard, transport)) {
      return client.execute(
          post,
          response -> {
            // Not read, for it could be anything; with an entity the library would read all of it.
            response.setEntity(null);
            return HttpAnswers.outcome(
                response.getCode(),
                HttpAnswers.retryAfter(response.getFirstHeader("Retry-After"), clock.instant()),
                where());
          });
    }
  }

  /** The address without path and query, which may be secret. */
  private String where() {
    return url.getScheme() + "://" + url.getAuthority();
  }
}
