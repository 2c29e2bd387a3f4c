package dev.indelible.server.sink;

import dev.indelible.server.deliver.AddressGuard;
import dev.indelible.server.deliver.AddressGuard.Transport;
import dev.indelible.server.sink.SyslogConnection.Way;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Syslog (RFC 5424) over TCP or TLS with octet counting (RFC 6587, RFC 5425). */
final class SyslogType implements SinkType {

  /** Bytes of a message, where a stream does not say otherwise: what rsyslog takes in one piece. */
  static final int MESSAGE_BYTES = 8096;

  /** The least limit of a message, in bytes: a short one fits whatever the entry's names are. */
  static final int LEAST_MESSAGE_BYTES = 4096;

  /** The facility "log audit" (RFC 5424, table 1). */
  static final int LOG_AUDIT = 13;

  /** The private enterprise number for examples (RFC 5612); whoever has one sets it. */
  static final int EXAMPLE_ENTERPRISE = 32473;

  private static final int BATCH_ENTRIES = 1000;
  private static final int BATCH_BYTES = 4 << 20;
  private static final int MAX_FACILITY = 23;
  private static final int MAX_PORT = 65_535;
  private static final Pattern NAME = Pattern.compile("[\\x21-\\x7e]{1,48}");
  private static final Pattern HOST_NAME = Pattern.compile("[\\x21-\\x7e]{1,255}");

  @Override
  public String name() {
    return "syslog";
  }

  @Override
  public Set<String> secrets() {
    return Set.of("client_key");
  }

  @Override
  public Defaults defaults() {
    return new Defaults("native", BATCH_ENTRIES, BATCH_BYTES, MESSAGE_BYTES, false);
  }

  @Override
  public void check(ObjectNode settings, Set<String> kept, AddressGuard guard, Faults faults) {
    SettingsCheck check = new SettingsCheck(settings, kept, guard, faults);
    check.only(
        "host",
        "port",
        "transport",
        "ca",
        "client_cert",
        "client_key",
        "server_name",
        "facility",
        "host_name",
        "app_name",
        "enterprise_number",
        "cee_cookie");
    String host = check.text("host", SettingsCheck.HOST, "A name or an address, without a port.");
    check.required("port", 1, MAX_PORT);
    boolean tls = check.word("transport", List.of("tls", "tcp"), "tls").equals("tls");
    if (host != null) {
      check.reachable("host", host, tls ? Transport.TLS : Transport.PLAIN);
    }
    check.optional("server_name", SettingsCheck.HOST, "The name in the receiver's certificate.");
    check.number("facility", 0, MAX_FACILITY, LOG_AUDIT);
    check.optional("host_name", HOST_NAME, "1 to 255 characters of ASCII, without spaces.");
    check.optional("app_name", NAME, "1 to 48 characters of ASCII, without spaces.");
    check.number("enterprise_number", 1, Integer.MAX_VALUE, EXAMPLE_ENTERPRISE);
    check.flag("cee_cookie");
    checkCertificates(check, tls);
  }

  private static void checkCertificates(SettingsCheck check, boolean tls) {
    String ca = check.optional("ca", PrivateTrust.CERTIFICATES, "Certificates as PEM.");
    String own = check.optional("client_cert", PrivateTrust.CERTIFICATES, "Certificates as PEM.");
    String key =
        check.optional("client_key", PrivateTrust.KEY, "An unencrypted PKCS #8 key as PEM.");
    boolean hasKey = check.has("client_key") || check.isKept("client_key", own != null);
    if (hasKey && own == null && !check.has("client_cert")) {
      check.fault("client_cert", "missing", "The certificate that belongs to the key.");
    }
    if (!tls) {
      for (String name : List.of("ca", "client_cert", "client_key", "server_name")) {
        if (check.has(name)) {
          check.fault(name, "not_allowed", "Without TLS there is no use for this.");
        }
      }
      return;
    }
    usable(check, "ca", ca, null, null);
    if (own != null && key != null) {
      usable(check, "client_cert", null, own, key.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static void usable(
      SettingsCheck check,
      String field,
      @Nullable String ca,
      @Nullable String certificate,
      byte @Nullable [] key) {
    try {
      PrivateTrust.context(ca, certificate, key);
    } catch (IOException e) {
      check.fault(field, "bad_format", "This cannot be read: " + e.getMessage() + ".");
    }
  }

  @Override
  public Sink open(Opening opening) {
    throw new UnsupportedOperationException("the time is needed");
  }

  @Override
  public Sink open(Opening opening, InstantSource clock) {
    ObjectNode settings = opening.settings();
    String host = settings.get("host").stringValue();
    SSLContext tls = null;
    if (text(settings, "transport", "tls").equals("tls")) {
      try {
        tls =
            PrivateTrust.context(
                orNull(settings, "ca"),
                orNull(settings, "client_cert"),
                opening.secret().apply("client_key"));
      } catch (IOException e) {
        // It was checked; a secret that another installation sealed is told by whoever opens it.
        throw new UncheckedIOException(e);
      }
    }
    return new SyslogSink(
        new Way(host, settings.get("port").intValue(), tls, text(settings, "server_name", host)),
        opening.guard(),
        new SyslogMessages(
            new SyslogMessages.Terms(
                opening.stream(),
                number(settings, "facility", LOG_AUDIT),
                text(settings, "host_name", "-"),
                text(settings, "app_name", "indelible"),
                number(settings, "enterprise_number", EXAMPLE_ENTERPRISE),
                settings.path("cee_cookie").asBoolean(false),
                Math.max(opening.messageBytes(), LEAST_MESSAGE_BYTES))),
        clock);
  }

  private static @Nullable String orNull(ObjectNode settings, String name) {
    JsonNode value = settings.get(name);
    return value == null || value.isNull() ? null : value.stringValue();
  }

  private static String text(ObjectNode settings, String name, String fallback) {
    String text = orNull(settings, name);
    return text == null ? fallback : text;
  }

  private static int number(ObjectNode settings, String name, int fallback) {
    JsonNode value = settings.get(name);
    return value == null || value.isNull() ? fallback : value.intValue();
  }
}
