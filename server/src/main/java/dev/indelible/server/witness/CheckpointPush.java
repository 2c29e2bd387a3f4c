package dev.indelible.server.witness;

import dev.indelible.server.event.TenantId;
import dev.indelible.server.follow.Follower;
import dev.indelible.server.proof.LogStoppedException;
import dev.indelible.server.proof.TenantLogs;
import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.SignedCheckpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Pushes the newest checkpoint of every log that has grown to where somebody else holds it, each
 * log at most once in an interval, until it is there. Thread-safe.
 */
public final class CheckpointPush implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CheckpointPush.class);

  /**
   * Destinations of checkpoints, and how often they are pushed.
   *
   * @param file a file that lines are appended to, or null
   * @param webhook an address that they are posted to, or null
   * @param header the header of each request, {@code Name: value}, or null
   * @param every how often a log's checkpoint is pushed at most
   */
  public record Terms(
      @Nullable Path file, @Nullable URI webhook, @Nullable String header, Duration every) {

    /**
     * @throws IllegalArgumentException if the address is not of HTTP, or the header is none
     */
    public Terms {
      if (webhook != null
          && (webhook.getHost() == null
              || !String.valueOf(webhook.getScheme()).matches("https?"))) {
        throw new IllegalArgumentException(
            MaskedUrl.of(webhook.toString()) + " is no http or https address");
      }
      if (header != null && !header.matches("[A-Za-z0-9-]+: [\\x20-\\x7e]+")) {
        throw new IllegalArgumentException("a header is a name, a colon, a space and a value");
      }
    }
  }

  private final InstantSource clock;
  private final List<ToOne> all = new ArrayList<>();

  public CheckpointPush(Terms terms, TenantLogs logs, InstantSource clock) {
    this.clock = clock;
    if (terms.file() != null) {
      all.add(new ToOne(logs, new CheckpointDestination.ToFile(terms.file()), terms.every()));
    }
    if (terms.webhook() != null) {
      all.add(
          new ToOne(
              logs,
              new CheckpointDestination.ToWebhook(terms.webhook(), header(terms.header())),
              terms.every()));
    }
  }

  private static CheckpointDestination.ToWebhook.@Nullable Header header(@Nullable String line) {
    if (line == null) {
      return null;
    }
    int colon = line.indexOf(": ");
    return new CheckpointDestination.ToWebhook.Header(
        line.substring(0, colon), line.substring(colon + 2));
  }

  /** Begins to push. */
  public void start() {
    all.forEach(HeadFollower::start);
  }

  /** Figures for metrics, of each place. */
  public List<Statistics> statistics() {
    return all.stream()
        .map(
            one ->
                new Statistics(
                    one.destination.name(), one.pushed.get(), one.lagNanos(), one.isFailing()))
        .toList();
  }

  /**
   * Figures of a place.
   *
   * @param to {@code file} or {@code webhook}
   * @param pushed checkpoints pushed since the start
   * @param lagNanos how long the log that waits longest has waited
   * @param failing whether the last attempt failed
   */
  public record Statistics(String to, long pushed, long lagNanos, boolean failing) {}

  private final class ToOne extends HeadFollower {
    private final CheckpointDestination destination;
    private final AtomicLong pushed = new AtomicLong();

    ToOne(TenantLogs logs, CheckpointDestination destination, Duration every) {
      super(logs, new Follower.Terms("checkpoints to " + destination.name(), every));
      this.destination = destination;
    }

    @Override
    void follow(TenantId tenant) throws IOException, InterruptedException {
      try {
        SignedCheckpoint checkpoint = logs.checkpoint(tenant);
        if (checkpoint.checkpoint().size() > 0) {
          destination.accept(line(tenant, checkpoint));
          pushed.incrementAndGet();
        }
      } catch (LogStoppedException e) {
        LOG.debug("{} is stopped and has no checkpoint to push", tenant, e);
      }
    }

    @Override
    void breakOff() {
      destination.close();
    }
  }

  private byte[] line(TenantId tenant, SignedCheckpoint signed) {
    Checkpoint checkpoint = signed.checkpoint();
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("tenant", tenant.value());
    line.put("origin", checkpoint.origin());
    line.put("size", checkpoint.size());
    line.put("root", checkpoint.root().toBase64());
    line.put("pushed_at", clock.instant().toString());
    line.put("checkpoint", signed.note().toString());
    return (JsonMapper.shared().writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    all.forEach(ToOne::close);
  }
}
