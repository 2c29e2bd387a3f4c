package dev.indelible.client;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's exports: begun, waited for, downloaded, and taken down again. A refusal is a {@link
 * RefusedException}. Thread-safe.
 */
public final class Exports {

  /** Pauses between two looks at an export: short while it moves, longer while it does not. */
  private static final Duration FIRST_LOOK = Duration.ofMillis(200);

  private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);

  private final Transport transport;
  private final String path;
  private final String packs;

  Exports(Transport transport, String tenant) {
    this.transport = transport;
    this.path = Request.path("tenants", tenant, "exports");
    this.packs = Request.path("tenants", tenant, "packs");
  }

  /**
   * Begins an export; for one that was begun before, tells how far it is.
   *
   * @throws UnreachableException when it is not known whether it has begun: ask for it again
   */
  public ExportJob begin(ExportOrder order) {
    return job(Request.post(path, order.json()).repeatable());
  }

  /**
   * Begins an evidence pack: an export of a format of its own.
   *
   * @throws UnreachableException when it is not known whether it has begun: ask for it again
   */
  public ExportJob begin(PackOrder order) {
    return job(Request.post(packs, order.json()).repeatable());
  }

  /** The templates of evidence packs. */
  public List<JsonText> packTemplates() {
    return ask(Request.get(packs + "/templates")).at("templates").elements();
  }

  /** The export of that id. */
  public ExportJob find(String id) {
    return job(Request.get(of(id)));
  }

  /** All exports that the key may see, the last one first. */
  public List<ExportJob> list() {
    List<ExportJob> jobs = new ArrayList<>();
    String cursor = null;
    do {
      Request request = Request.get(path);
      JsonText page = ask(cursor == null ? request : request.parameter("cursor", cursor));
      page.at("exports").elements().forEach(job -> jobs.add(new ExportJob(job)));
      cursor = page.at("next_cursor").text().orElse(null);
    } while (cursor != null);
    return jobs;
  }

  /** Ends an export that is under way. */
  public void cancel(String id) {
    ask(Request.of("POST", of(id) + "/cancel").repeatable());
  }

  /** Deletes an export and its file from the server. */
  public void remove(String id) {
    ask(Request.of("DELETE", of(id)));
  }

  /** The manifest: contents of the file, what it leaves out, the checkpoint, how to verify both. */
  public JsonText manifest(String id) {
    return ask(Request.get(of(id) + "/manifest"));
  }

  /**
   * Waits until an export is no longer under way.
   *
   * @param progress is told of it at each look
   */
  public ExportJob await(String id, Consumer<ExportJob> progress) throws InterruptedException {
    Duration pause = FIRST_LOOK;
    long seen = -1;
    while (true) {
      ExportJob job = find(id);
      progress.accept(job);
      if (!job.isUnderWay()) {
        return job;
      }
      Duration longer = pause.multipliedBy(3).dividedBy(2);
      pause = job.entries() != seen ? FIRST_LOOK : min(longer, LONGEST_LOOK);
      seen = job.entries();
      transport.pause(pause);
    }
  }

  /**
   * Downloads the file of an export that is done. A connection that breaks is made again, and the
   * download goes on where it was; so does one of an earlier call, from the {@code .part} file
   * beside {@code target}. The whole is checked by its hash before it gets its name.
   *
   * @param job an export that {@linkplain ExportJob#isDone is done}
   * @param target the file, which must not exist yet
   * @param progress is told how many bytes are there
   * @throws java.nio.file.FileAlreadyExistsException when {@code target} exists
   * @throws IOException when the file cannot be written, or is not what the server said it is
   */
  public void download(ExportJob job, Path target, LongConsumer progress)
      throws IOException, InterruptedException {
    ExportJob.@Nullable File file = job.file().orElse(null);
    if (file == null) {
      throw new IllegalArgumentException("the export " + job.id() + " has no file");
    }
    new Download(transport, Request.get(of(job.id()) + "/file"), file, target).run(progress);
  }

  private String of(String id) {
    return path + "/" + Request.encode(id);
  }

  private ExportJob job(Request request) {
    return new ExportJob(ask(request));
  }

  private JsonText ask(Request request) {
    Answer answer = transport.ask(request);
    if (!answer.isSuccess()) {
      throw new RefusedException(answer);
    }
    return answer.json();
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
