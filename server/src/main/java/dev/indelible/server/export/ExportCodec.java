package dev.indelible.server.export;

import dev.indelible.server.access.Standing;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.JsonForm;
import dev.indelible.server.journal.KeyedJournal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of the exports journal; see {@code docs/formats/exports.md}. */
final class ExportCodec {

  static final int VERSION = 1;

  /** The form of the journal. */
  static final KeyedJournal.Form<Step> FORM =
      new JsonForm<>("exports", VERSION, "steps") {
        @Override
        protected void write(Step step, ObjectNode json) {
          switch (step) {
            case Step.Changed(ExportJob job) -> ExportCodec.write(json.putObject("job"), job);
            case Step.Removed(TenantId tenant, String id) ->
                json.put("removed", id).put("tenant", tenant.value());
          }
        }

        @Override
        protected Step read(JsonNode json) {
          return json.has("job")
              ? new Step.Changed(job(json.path("job")))
              : new Step.Removed(
                  new TenantId(json.path("tenant").stringValue()),
                  json.path("removed").stringValue());
        }
      };

  private ExportCodec() {}

  /** One thing that happened. */
  sealed interface Step {
    /** A job is like this now. */
    record Changed(ExportJob job) implements Step {}

    /** A job is forgotten. */
    record Removed(TenantId tenant, String id) implements Step {}
  }

  private static void write(ObjectNode json, ExportJob job) {
    order(json.putObject("order"), job.order());
    json.put("state", job.state().jsonName());
    ObjectNode reach = json.putObject("reach");
    if (job.reach().accounts() != null) {
      array(reach, "accounts", job.reach().sortedAccounts());
    }
    reach.put("fixed", job.reach().fixed()).put("personal", job.reach().personal());
    ExportJob.Position at = job.position();
    json.putObject("position")
        .put("size", at.size())
        .put("as_of", at.asOf().toEpochMilli())
        .put("from_seq", at.fromSeq())
        .put("to_seq", at.toSeq())
        .put("estimate", at.estimate());
    ExportJob.Progress progress = job.progress();
    ObjectNode durable = json.putObject("progress");
    durable
        .put("next_seq", progress.nextSeq())
        .put("bytes", progress.bytes())
        .put("held_bytes", progress.heldBytes())
        .put("entries", progress.entries())
        .put("purged", progress.purged())
        .put("erased", progress.erased());
    if (!progress.counted().isEmpty()) {
      array(durable, "counted", progress.counted());
    }
    ObjectNode times = json.putObject("times");
    time(times, "created", job.times().created());
    time(times, "started", job.times().started());
    time(times, "ended", job.times().ended());
    time(times, "left", job.times().left());
    text(json, "checkpoint", job.checkpoint());
    outcome(json, job);
  }

  private static void outcome(ObjectNode json, ExportJob job) {
    ExportJob.FileOf file = job.file();
    if (file != null) {
      json.putObject("file")
          .put("name", file.name())
          .put("bytes", file.bytes())
          .put("sha256", file.sha256())
          .put("expires_at", file.expiresAt().toEpochMilli());
    }
    ExportJob.Counts counts = job.counts();
    if (counts != null) {
      json.putObject("counts")
          .put("entries", counts.entries())
          .put("purged", counts.purged())
          .put("erased", counts.erased());
    }
    ExportJob.Problem problem = job.problem();
    if (problem != null) {
      json.putObject("problem").put("code", problem.code()).put("detail", problem.detail());
    }
    ExportJob.Withdrawal withdrawal = job.withdrawal();
    if (withdrawal != null) {
      json.putObject("withdrawal")
          .put("record", withdrawal.record())
          .put("basis", withdrawal.basis())
          .put("at", withdrawal.at().toEpochMilli());
    }
  }

  private static void order(ObjectNode json, ExportOrder order) {
    json.put("id", order.id()).put("tenant", order.tenant().value());
    ObjectNode maker = json.putObject("maker");
    maker.put("kind", order.maker().kind().jsonName()).put("id", order.maker().id());
    Standing standing = order.maker().standing();
    if (standing != null) {
      standing.write(maker.putObject("standing"));
    }
    json.put("filter", order.filter());
    time(json, "from", order.from());
    time(json, "to", order.to());
    json.put("zone", order.zone().getId());
    json.putObject("window").put("from", order.window().from()).put("to", order.window().to());
    json.put("format", order.format().jsonName());
    array(json, "columns", order.columns());
    json.put("withhold", order.withhold()).put("language", order.language().toLanguageTag());
    text(json, "reason", order.reason());
    text(json, "schedule", order.schedule());
    ExportOrder.Pack pack = order.pack();
    if (pack != null) {
      ObjectNode of = json.putObject("pack");
      of.put("template", pack.template()).put("template_id", pack.templateId());
      text(of, "checkpoint", pack.checkpoint());
    }
  }

  private static ExportJob job(JsonNode json) {
    JsonNode reach = json.path("reach");
    JsonNode at = json.path("position");
    JsonNode progress = json.path("progress");
    JsonNode times = json.path("times");
    Set<String> accounts =
        reach.has("accounts") ? new HashSet<>(list(reach.path("accounts"))) : null;
    return new ExportJob(
        order(json.path("order")),
        ExportJob.State.valueOf(json.path("state").stringValue().toUpperCase(Locale.ROOT)),
        new ExportJob.Reach(
            accounts, reach.path("fixed").stringValue(), reach.path("personal").booleanValue()),
        new ExportJob.Position(
            at.path("size").longValue(),
            Instant.ofEpochMilli(at.path("as_of").longValue()),
            at.path("from_seq").longValue(),
            at.path("to_seq").longValue(),
            at.path("estimate").longValue()),
        new ExportJob.Progress(
            progress.path("next_seq").longValue(),
            progress.path("bytes").longValue(),
            progress.path("held_bytes").longValue(),
            progress.path("entries").longValue(),
            progress.path("purged").longValue(),
            progress.path("erased").longValue(),
            list(progress.path("counted"))),
        file(json.path("file")),
        counts(json.path("counts")),
        problem(json.path("problem")),
        new ExportJob.Times(
            Instant.ofEpochMilli(times.path("created").longValue()),
            time(times, "started"),
            time(times, "ended"),
            time(times, "left")),
        text(json, "checkpoint"),
        withdrawal(json.path("withdrawal")));
  }

  private static ExportJob.@Nullable FileOf file(JsonNode json) {
    return json.isMissingNode()
        ? null
        : new ExportJob.FileOf(
            json.path("name").stringValue(),
            json.path("bytes").longValue(),
            json.path("sha256").stringValue(),
            Instant.ofEpochMilli(json.path("expires_at").longValue()));
  }

  private static ExportJob.@Nullable Counts counts(JsonNode json) {
    return json.isMissingNode()
        ? null
        : new ExportJob.Counts(
            json.path("entries").longValue(),
            json.path("purged").longValue(),
            json.path("erased").longValue());
  }

  private static ExportJob.@Nullable Problem problem(JsonNode json) {
    return json.isMissingNode()
        ? null
        : new ExportJob.Problem(json.path("code").stringValue(), json.path("detail").stringValue());
  }

  private static ExportJob.@Nullable Withdrawal withdrawal(JsonNode json) {
    return json.isMissingNode()
        ? null
        : new ExportJob.Withdrawal(
            json.path("record").stringValue(),
            json.path("basis").stringValue(),
            Instant.ofEpochMilli(json.path("at").longValue()));
  }

  private static ExportOrder order(JsonNode json) {
    JsonNode maker = json.path("maker");
    JsonNode window = json.path("window");
    return new ExportOrder(
        json.path("id").stringValue(),
        new TenantId(json.path("tenant").stringValue()),
        new ExportMaker(
            ExportMaker.Kind.valueOf(maker.path("kind").stringValue().toUpperCase(Locale.ROOT)),
            maker.path("id").stringValue(),
            maker.has("standing") ? Standing.read(maker.path("standing")) : null),
        json.path("filter").stringValue(),
        time(json, "from"),
        time(json, "to"),
        ZoneId.of(json.path("zone").stringValue()),
        new ExportOrder.Window(window.path("from").longValue(), window.path("to").longValue()),
        ExportFormat.named(json.path("format").stringValue()).orElseThrow(),
        list(json.path("columns")),
        json.path("withhold").booleanValue(),
        Locale.forLanguageTag(json.path("language").stringValue()),
        text(json, "reason"),
        text(json, "schedule"),
        pack(json.path("pack")));
  }

  private static ExportOrder.@Nullable Pack pack(JsonNode json) {
    return json.isMissingNode()
        ? null
        : new ExportOrder.Pack(
            json.path("template").stringValue(),
            json.path("template_id").stringValue(),
            text(json, "checkpoint"));
  }

  private static void array(ObjectNode json, String field, List<String> values) {
    ArrayNode array = json.putArray(field);
    values.forEach(array::add);
  }

  private static List<String> list(JsonNode array) {
    return array.valueStream().map(JsonNode::stringValue).toList();
  }

  private static void text(ObjectNode json, String field, @Nullable String value) {
    if (value != null) {
      json.put(field, value);
    }
  }

  private static @Nullable String text(JsonNode json, String field) {
    return json.has(field) ? json.path(field).stringValue() : null;
  }

  private static void time(ObjectNode json, String field, @Nullable Instant time) {
    if (time != null) {
      json.put(field, time.toEpochMilli());
    }
  }

  private static @Nullable Instant time(JsonNode json, String field) {
    return json.has(field) ? Instant.ofEpochMilli(json.path(field).longValue()) : null;
  }
}
