package dev.indelible.server.sink;

import dev.indelible.server.control.Destination;
import dev.indelible.server.deliver.AddressGuard;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Web address that signed messages are posted to (Standard Webhooks 1.0). */
public final class WebhookType implements SinkType {

  /** The kind's name. */
  public static final String NAME = "webhook";

  /** Name of the secret that messages are signed with. */
  public static final String SECRET = "signing_secret";

  /** Name of the secret before it, which signs beside it for a while. */
  public static final String SECRET_BEFORE = "signing_secret_before";

  /** Setting that says until when the secret before it signs too; kept, not given. */
  public static final String OVERLAP_UNTIL = "overlap_until";

  /** Form of signatures that the receiver wants: HMAC-SHA256. */
  public static final String V1 = "v1";

  /** Form of signatures that the receiver wants: Ed25519. */
  public static final String V1A = "v1a";

  /** The most headers of the receiver's own. */
  public static final int MAX_HEADERS = 20;

  private static final int MAX_HEADER_LENGTH = 1_000;
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
  private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7e]{0,1000}");

  /** Headers that are of the message itself, or would be credentials that everybody is shown. */
  private static final Pattern RESERVED =
      Pattern.compile(
          "(?i)webhook-.*|host|content-.*|connection|transfer-encoding|user-agent|te|upgrade"
              + "|expect|trailer|proxy-.*|authorization|cookie|.*(token|secret|api-?key|password).*");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<String> secrets() {
    return Set.of(SECRET, SECRET_BEFORE);
  }

  @Override
  public Defaults defaults() {
    return new Defaults("native", 500, 1 << 20, 512 * 1024, true);
  }

  @Override
  public void check(ObjectNode settings, Set<String> kept, AddressGuard guard, Faults faults) {
    SettingsReader reader = new SettingsReader(settings, faults);
    reader.requireOnly(Set.of("url", "signature", "headers"));
    String url = reader.text("url", Destination.Webhook.MAX_URL_LENGTH);
    if (url != null) {
      address(url)
          .ifPresentOrElse(
              uri -> reader.requireReachable("url", uri, guard),
              () ->
                  faults.add(
                      "url",
                      "bad_format",
                      "An https address, without user, password and fragment."));
    }
    String signature = reader.optionalText("signature", 10);
    if (signature != null && !signature.equals(V1) && !signature.equals(V1A)) {
      faults.add("signature", "unknown_value", "This must be one of v1, v1a.");
    }
    headers(settings.get("headers"), faults);
  }

  /** Returns an address of the form that is allowed. */
  static Optional<URI> address(String text) {
    if (!Destination.Webhook.URL.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      URI uri = URI.create(text);
      return Optional.of(uri).filter(one -> one.getHost() != null && one.getPort() <= 65_535);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static void headers(@Nullable JsonNode headers, Faults faults) {
    if (headers == null || headers.isNull()) {
      return;
    }
    if (!headers.isObject() || headers.size() > MAX_HEADERS) {
      faults.add("headers", "wrong_type", "An object of at most " + MAX_HEADERS + " texts.");
      return;
    }
    for (Map.Entry<String, JsonNode> header : headers.properties()) {
      String name = header.getKey();
      if (RESERVED.matcher(name).matches()) {
        faults.add(
            "headers/" + name,
            "not_allowed",
            "This header is the message's own, or a secret that everybody would be shown.");
      } else if (!HEADER.matcher(name).matches()
          || !header.getValue().isString()
          || !HEADER_VALUE.matcher(header.getValue().stringValue()).matches()) {
        faults.add(
            "headers/" + name,
            "bad_format",
            "A name of a header, and at most " + MAX_HEADER_LENGTH + " characters of ASCII.");
      }
    }
  }

  @Override
  public Sink open(Opening opening) {
    throw new IllegalStateException("messages are signed with their time");
  }

  @Override
  public Sink open(Opening opening, InstantSource clock) {
    return new WebhookSink(opening, clock);
  }
}
