package dev.indelible.server.sink;

import dev.indelible.server.deliver.AddressGuard;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** The HTTP Event Collector of Splunk. */
final class HecType implements SinkType {

  private static final int BATCH_ENTRIES = 2000;
  private static final int BATCH_BYTES = 4 << 20;

  /** Splunk cuts an event above 10,000 bytes unless its source type says otherwise (TRUNCATE). */
  private static final int MESSAGE_BYTES = 1 << 20;

  private static final Pattern NAME = Pattern.compile("[\\x21-\\x7e](?:[\\x20-\\x7e]{0,127})");

  private final Duration firstWait;

  HecType() {
    this(HecSink.FIRST_WAIT);
  }

  HecType(Duration firstWait) {
    this.firstWait = firstWait;
  }

  @Override
  public String name() {
    return "splunk_hec";
  }

  @Override
  public Set<String> secrets() {
    return Set.of("token");
  }

  @Override
  public Defaults defaults() {
    return new Defaults("native", BATCH_ENTRIES, BATCH_BYTES, MESSAGE_BYTES, true);
  }

  /** A 200 says that a request is valid, and only an acknowledgement that it is indexed. */
  @Override
  public boolean received(ObjectNode settings) {
    return settings.path("acknowledge").asBoolean(false);
  }

  @Override
  public void check(ObjectNode settings, Set<String> kept, AddressGuard guard, Faults faults) {
    SettingsCheck check = new SettingsCheck(settings, kept, guard, faults);
    check.only("url", "ca", "token", "index", "sourcetype", "source", "acknowledge");
    check.url("url");
    check.authority("ca");
    check.secret("token", true);
    for (String name : List.of("index", "sourcetype", "source")) {
      check.optional(name, NAME, "1 to 128 characters of ASCII.");
    }
    check.flag("acknowledge");
  }

  @Override
  public Sink open(Opening opening) {
    throw new UnsupportedOperationException("the time is needed");
  }

  @Override
  public Sink open(Opening opening, InstantSource clock) {
    ObjectNode settings = opening.settings();
    String token = HttpWay.secret(opening, "token");
    // One for a stream, so that a restart does not use up the channels that a token may have.
    String channel =
        UUID.nameUUIDFromBytes(opening.stream().getBytes(StandardCharsets.UTF_8)).toString();
    Map<String, String> names = new HashMap<>();
    for (String name : List.of("index", "sourcetype", "source")) {
      if (settings.hasNonNull(name)) {
        names.put(name, settings.get(name).stringValue());
      }
    }
    names.putIfAbsent("sourcetype", "indelible:audit");
    names.putIfAbsent("source", "indelible");
    return new HecSink(
        HttpWay.of(
            opening,
            Map.of("Authorization", "Splunk " + token, "X-Splunk-Request-Channel", channel),
            List.of(token),
            clock),
        new HecSink.Terms(opening.stream(), channel, names, received(settings), firstWait),
        clock);
  }
}
