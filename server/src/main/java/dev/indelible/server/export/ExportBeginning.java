package dev.indelible.server.export;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.index.FacetField;
import dev.indelible.server.profile.Profile;
import dev.indelible.server.proof.NotPublishedException;
import dev.indelible.server.proof.OwnSignatures;
import dev.indelible.server.query.Order;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.server.search.Found;
import dev.indelible.server.search.Search;
import dev.indelible.server.share.Asker;
import dev.indelible.server.takeout.Exports;
import dev.indelible.server.takeout.TakeoutException;
import dev.indelible.server.takeout.file.Columns;
import dev.indelible.verify.SignedCheckpoint;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Beginning of exports: whether they can be, at which position, and what they would give. */
final class ExportBeginning {

  /** Entries that a preview shows. */
  static final int SAMPLE = 5;

  /** How long a checkpoint of the position is waited for. */
  private static final Duration PROVEN_WITHIN = Duration.ofSeconds(60);

  private final ExportSources sources;

  ExportBeginning(ExportSources sources) {
    this.sources = sources;
  }

  /** The job of an order, as it is before anybody works on it. */
  ExportJob job(ExportOrder order, ExportRights.Allowed allowed) throws IOException {
    Profile profile = sources.profiles().of(order.tenant(), allowed.tenant().profile());
    String _ = Exports.reason(profile, order.reason() == null ? "" : order.reason());
    return previewed(order, allowed);
  }

  /** A job that nobody has to give a reason for yet. */
  private ExportJob previewed(ExportOrder order, ExportRights.Allowed allowed) throws IOException {
    require(order, allowed);
    TenantId tenant = order.tenant();
    long size = sources.log().size(tenant);
    Search.Question question = question(order);
    Instant asOf = Instant.ofEpochMilli(sources.clock().millis());
    long from = Math.min(order.window().from(), size);
    long to = Math.max(from, Math.min(order.window().to(), size));
    long estimate = Math.min(to - from, count(order, allowed, question));
    return new ExportJob(
        order,
        ExportJob.State.WAITING,
        ExportJob.Reach.of(allowed.scope()),
        new ExportJob.Position(size, asOf, from, to, estimate),
        ExportJob.Progress.at(from),
        null,
        null,
        null,
        new ExportJob.Times(asOf, null, null, null),
        null,
        null);
  }

  private static Search.Question question(ExportOrder order) {
    return new Search.Question(order.filter(), order.from(), order.to(), order.zone());
  }

  private void require(ExportOrder order, ExportRights.Allowed allowed) {
    Profile profile = sources.profiles().of(order.tenant(), allowed.tenant().profile());
    String format = order.format().jsonName();
    if (order.pack() == null && !offered(profile).contains(format)) {
      throw new TakeoutException(
          TakeoutException.Reason.FORMAT_NOT_OFFERED,
          "The profile %s offers exports as %s."
              .formatted(profile.name(), String.join(", ", offered(profile))));
    }
    if (!Columns.ALL.containsAll(order.columns())) {
      throw new IllegalArgumentException("unknown columns among " + order.columns());
    }
  }

  /** Formats of jobs where a profile offers these: spreadsheets wherever tables. */
  static List<String> offered(Profile profile) {
    List<String> formats = new ArrayList<>();
    for (ExportFormat format : ExportFormat.values()) {
      boolean is =
          switch (format) {
            case CSV, XLSX -> profile.exportFormats().contains(Profile.ExportFormat.CSV);
            case JSON -> profile.exportFormats().contains(Profile.ExportFormat.JSON);
            case NDJSON -> profile.exportFormats().contains(Profile.ExportFormat.NDJSON);
            case PDF -> profile.exportFormats().contains(Profile.ExportFormat.PDF);
            case PACK -> false;
          };
      if (is) {
        formats.add(format.jsonName());
      }
    }
    return formats;
  }

  private long count(ExportOrder order, ExportRights.Allowed allowed, Search.Question question)
      throws IOException {
    return sources
        .reads()
        .read(
            asker(order),
            () ->
                sources
                    .search()
                    .facets(allowed.scope(), question, List.of(FacetField.OUTCOME), 1, "")
                    .count());
  }

  private static Asker asker(ExportOrder order) {
    return new Asker(order.tenant().value(), "export:" + order.maker().id());
  }

  ExportPreview preview(ExportOrder order, ExportRights.Allowed allowed) throws IOException {
    ExportJob job = previewed(order, allowed);
    Search.Page page =
        sources
            .reads()
            .read(
                asker(order),
                () ->
                    sources
                        .search()
                        .page(allowed.scope(), question(order), Order.NEWEST_FIRST, SAMPLE, null));
    long[] seqs = page.entries().stream().mapToLong(entry -> entry.stored().seq()).toArray();
    List<Found> sample = new ArrayList<>();
    for (StoredEntry stored : sources.log().get(order.tenant(), seqs)) {
      sources.reader().find(stored, job.hasPersonal()).ifPresent(sample::add);
    }
    return new ExportPreview(job, sample);
  }

  /**
   * Gives a job the checkpoint that covers it, durably; empty when it is not under way any more.
   *
   * @throws NotPublishedException when there is none, and its format needs one
   */
  Optional<ExportJob> proven(ExportStore store, ExportJob job)
      throws IOException, InterruptedException {
    Optional<ExportJob> known = store.find(job.tenant(), job.id());
    if (known.isEmpty() || !known.get().state().isUnderWay()) {
      return Optional.empty();
    }
    if (known.get().checkpoint() != null) {
      return known;
    }
    ExportOrder.Pack pack = job.order().pack();
    if (pack != null) {
      return packed(store, job, pack);
    }
    if (known.get().position().toSeq() == 0) {
      return known;
    }
    boolean covered =
        sources.logs().awaitPublished(job.tenant(), job.position().toSeq() - 1, PROVEN_WITHIN);
    if (!covered && job.order().format() == ExportFormat.NDJSON) {
      throw new IOException("no checkpoint covers entry " + (job.position().toSeq() - 1) + " yet");
    }
    String checkpoint =
        covered ? sources.logs().checkpointOfExport(job.tenant()).note().toString() : null;
    return store
        .change(
            job.tenant(),
            job.id(),
            now -> now.state().isUnderWay() ? now.provenBy(checkpoint) : now)
        .or(() -> store.find(job.tenant(), job.id()))
        .filter(now -> now.state().isUnderWay());
  }

  /**
   * Gives a pack the checkpoint that it is at: all that the checkpoint covers is in reach, and
   * nothing else, so that the same checkpoint gives the same pack.
   */
  private Optional<ExportJob> packed(ExportStore store, ExportJob job, ExportOrder.Pack pack)
      throws IOException, InterruptedException {
    TenantId tenant = job.tenant();
    String wanted = pack.checkpoint();
    SignedCheckpoint checkpoint;
    if (wanted == null) {
      long last = Math.max(0, job.position().size() - 1);
      if (!sources.logs().awaitPublished(tenant, last, PROVEN_WITHIN)) {
        throw new IOException("no checkpoint covers entry " + last + " yet");
      }
      checkpoint = sources.logs().checkpointOfExport(tenant);
    } else {
      checkpoint =
          OwnSignatures.of(sources.logs(), tenant, wanted)
              .map(OwnSignatures::checkpoint)
              .orElseThrow(() -> new IOException("a checkpoint that the log never signed"));
    }
    return store
        .change(tenant, job.id(), now -> now.state().isUnderWay() ? now.at(checkpoint) : now)
        .or(() -> store.find(tenant, job.id()))
        .filter(now -> now.state().isUnderWay());
  }
}
