package dev.indelible.server.control;

import static dev.indelible.server.control.ObjectFields.putIfPresent;

import dev.indelible.server.event.Event;
import dev.indelible.server.event.TenantId;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Entries of a tenant's log that are sent to another system, as they come, in order.
 *
 * @param tenant whose log
 * @param streamId its id, unique within the tenant
 * @param name its name for people
 * @param content what is sent
 * @param receiver where it goes
 * @param limits of what is sent at once
 * @param maker whose rights it has: whoever made or changed it last
 * @param startSeq sequence number of the first entry that it is about
 * @param createdAt when it was made
 * @param stop why it does not send, or null while it does
 * @param removedAt when it was removed, or null
 */
public record EventStream(
    TenantId tenant,
    String streamId,
    String name,
    Content content,
    Receiver receiver,
    Limits limits,
    ExportSchedule.Maker maker,
    long startSeq,
    Instant createdAt,
    @Nullable Stop stop,
    @Nullable Instant removedAt)
    implements ConfigurationObject {
  static final Kind<EventStream> KIND = new EventStreamKind();

  /** The longest name, in UTF-16 units. */
  public static final int MAX_NAME_LENGTH = 200;

  /** The most streams of a tenant. */
  public static final int MAX_STREAMS = TenantQuota.STREAMS.most();

  /** The longest reason for a stop, in UTF-16 units; a longer one is cut. */
  public static final int MAX_STOP_LENGTH = 500;

  /** The longest map of a custom format, in UTF-16 units. */
  public static final int MAX_MAP_LENGTH = 64 * 1024;

  /** The longest settings of a receiver, as JSON, in UTF-16 units. */
  public static final int MAX_SETTINGS_LENGTH = 64 * 1024;

  /** Settings that name a receiver in words, the first that is there. */
  private static final List<String> NAMING =
      List.of("url", "host", "bootstrap_servers", "endpoint", "bucket", "path");

  /**
   * Entries that are sent, and their form.
   *
   * @param query which entries, in the query language; empty for everything
   * @param format name of their form, such as {@code native}
   * @param map the map of a form of the tenant's own, or null
   * @param withhold whether what is personal stays out
   */
  public record Content(String query, String format, @Nullable String map, boolean withhold) {}

  /**
   * Place that entries go to.
   *
   * @param type kind of receiver, such as {@code webhook}
   * @param settings without secrets
   * @param sealed secrets by their names, each sealed with the installation's key
   */
  public record Receiver(String type, ObjectNode settings, Map<String, String> sealed) {
    public Receiver {
      settings = settings.deepCopy();
      sealed = Map.copyOf(sealed);
    }

    /** A copy of the settings. */
    @Override
    public ObjectNode settings() {
      return settings.deepCopy();
    }

    /** The receiver in words, without secrets: an address's path may be one. */
    public String inWords() {
      for (String setting : NAMING) {
        String value = settings.path(setting).asString("");
        if (!value.isEmpty()) {
          return type + " " + (setting.equals("url") ? host(value) : value);
        }
      }
      return type;
    }

    private static String host(String url) {
      try {
        String host = URI.create(url).getHost();
        return host == null ? "" : host;
      } catch (IllegalArgumentException e) {
        return "";
      }
    }
  }

  /**
   * Limits of what is sent at once.
   *
   * @param batchEntries entries of a batch, at most
   * @param batchBytes bytes of a batch's bodies, at most, and one entry more
   * @param messageBytes bytes of a body, at most
   */
  public record Limits(int batchEntries, int batchBytes, int messageBytes) {}

  /**
   * Reason not to send.
   *
   * @param parked whether the receiver refuses what it is sent, or else somebody paused it or a
   *     right is gone
   * @param because why, for people
   */
  public record Stop(boolean parked, String because) {
    public Stop {
      because =
          because.length() > MAX_STOP_LENGTH ? because.substring(0, MAX_STOP_LENGTH) : because;
    }
  }

  @Override
  public String id() {
    return tenant.value() + "/" + streamId;
  }

  /** Whether it sends. */
  public boolean isActive() {
    return stop == null && removedAt == null;
  }

  /** Returns a copy that sends nothing. */
  public EventStream stopped(boolean parked, String because) {
    return with(receiver, new Stop(parked, because), null);
  }

  /** Returns a copy that sends. */
  public EventStream resumed() {
    return with(receiver, null, null);
  }

  /** Returns a removed copy. */
  public EventStream removed(Instant at) {
    return with(receiver, stop, at);
  }

  /** Returns a copy with another receiver. */
  public EventStream with(Receiver other) {
    return with(other, stop, removedAt);
  }

  private EventStream with(Receiver to, @Nullable Stop why, @Nullable Instant removed) {
    return new EventStream(
        tenant, streamId, name, content, to, limits, maker, startSeq, createdAt, why, removed);
  }

  @Override
  public Kind<EventStream> kind() {
    return KIND;
  }

  private static final class EventStreamKind extends Kind<EventStream> {

    EventStreamKind() {
      super("stream", EventStream.class);
    }

    @Override
    void write(EventStream stream, ObjectNode json) {
      json.put("tenant", stream.tenant().value());
      json.put("id", stream.streamId());
      json.put("name", stream.name());
      Content content = stream.content();
      json.put("query", content.query());
      json.put("format", content.format());
      putIfPresent(json, "map", content.map());
      json.put("withheld", content.withhold());
      ObjectNode receiver = json.putObject("destination");
      receiver.put("type", stream.receiver().type());
      receiver.set("settings", stream.receiver().settings());
      ObjectNode sealed = receiver.putObject("sealed");
      new TreeMap<>(stream.receiver().sealed()).forEach(sealed::put);
      json.put("batch_entries", stream.limits().batchEntries());
      json.put("batch_bytes", stream.limits().batchBytes());
      json.put("message_bytes", stream.limits().messageBytes());
      json.put("maker", stream.maker().kind());
      json.put("maker_id", stream.maker().id());
      json.put("start_seq", stream.startSeq());
      json.put("created_at", stream.createdAt().toString());
      Stop stop = stream.stop();
      if (stop != null) {
        json.put(stop.parked() ? "parked_because" : "paused_because", stop.because());
      }
      putIfPresent(json, "removed_at", stream.removedAt());
    }

    @Override
    EventStream read(ObjectFields json) {
      return new EventStream(
          json.tenant(),
          json.text("id"),
          json.text("name"),
          new Content(
              json.text("query"),
              json.text("format"),
              json.optionalText("map"),
              json.flag("withheld")),
          receiver(new ObjectFields(json.required("destination"))),
          new Limits(
              json.required("batch_entries").intValue(),
              json.required("batch_bytes").intValue(),
              json.required("message_bytes").intValue()),
          new ExportSchedule.Maker(json.text("maker"), json.text("maker_id")),
          json.required("start_seq").longValue(),
          json.instant("created_at"),
          stop(json),
          json.optionalInstant("removed_at"));
    }

    private static Receiver receiver(ObjectFields json) {
      Map<String, String> sealed = new TreeMap<>();
      for (Map.Entry<String, JsonNode> secret : json.required("sealed").properties()) {
        sealed.put(secret.getKey(), secret.getValue().stringValue());
      }
      return new Receiver(json.text("type"), (ObjectNode) json.required("settings"), sealed);
    }

    private static @Nullable Stop stop(ObjectFields json) {
      String parked = json.optionalText("parked_because");
      String paused = json.optionalText("paused_because");
      return parked != null
          ? new Stop(true, parked)
          : paused == null ? null : new Stop(false, paused);
    }

    @Override
    void check(EventStream stream) {
      requireAtMost(MAX_NAME_LENGTH, "name", stream.name());
      String map = stream.content().map();
      requireAtMost(MAX_MAP_LENGTH, "map", map == null ? "" : map);
      requireAtMost(MAX_SETTINGS_LENGTH, "settings", stream.receiver().settings().toString());
      for (String secret : stream.receiver().sealed().values()) {
        requireAtMost(MAX_SETTINGS_LENGTH, "sealed secret", secret);
      }
    }

    /** The destination holds its secrets, sealed. */
    @Override
    Set<String> secrets() {
      return Set.of("destination");
    }

    @Override
    Event.Target target(EventStream stream) {
      return new Event.Target("stream", stream.streamId(), stream.name(), null);
    }

    @Override
    String action(@Nullable EventStream before, EventStream after) {
      if (before == null) {
        return "audit.stream.create";
      }
      if (after.removedAt() != null) {
        return "audit.stream.remove";
      }
      Stop was = before.stop();
      Stop is = after.stop();
      if (is != null && !is.equals(was)) {
        return is.parked() ? "audit.stream.parked" : "audit.stream.pause";
      }
      if (is == null && was != null && after.equals(before.resumed())) {
        return "audit.stream.resume";
      }
      boolean isRotated =
          !after.equals(before)
              && !after.receiver().sealed().equals(before.receiver().sealed())
              && after.equals(before.with(after.receiver()))
              && after.receiver().type().equals(before.receiver().type());
      return isRotated ? "audit.stream.secret_rotate" : "audit.stream.update";
    }

    /** With the destination in words: what is secret or personal in an address is in no entry. */
    @Override
    ObjectNode compared(EventStream stream) {
      ObjectNode json = describe(stream);
      json.set("destination", JsonNodeFactory.instance.stringNode(stream.receiver().inWords()));
      json.remove("map"); // as long as a page
      return json;
    }
  }
}
