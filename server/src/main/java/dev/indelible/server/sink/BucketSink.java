package dev.indelible.server.sink;

import com.github.luben.zstd.Zstd;
import dev.indelible.server.deliver.BucketObjects;
import dev.indelible.server.deliver.Delivery.Outcome;
import dev.indelible.server.sink.BucketType.Compression;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * Objects of entries, one a line, under names that a repeat has too:
 *
 * <pre>PREFIX tenant=T/date=DAY/STREAM-NUMBER-FIRST-LAST.ndjson[.gz|.zst]</pre>
 *
 * <p>The day is that of the recording, in UTC, which never runs backwards; a batch over midnight is
 * two objects.
 */
final class BucketSink implements Sink {

  private static final int ZSTD_LEVEL = 3;

  private final BucketObjects objects;
  private final String prefix;
  private final Compression compression;
  private final String stream;
  private final InstantSource clock;

  BucketSink(
      BucketObjects objects,
      String prefix,
      Compression compression,
      String stream,
      InstantSource clock) {
    this.objects = objects;
    this.prefix = prefix;
    this.compression = compression;
    this.stream = stream;
    this.clock = clock;
  }

  @Override
  public Answer send(Batch batch) throws InterruptedException {
    List<Message> messages = batch.messages();
    int from = 0;
    while (from < messages.size()) {
      LocalDate day = day(messages.get(from));
      int to = from + 1;
      while (to < messages.size() && day(messages.get(to)).equals(day)) {
        to++;
      }
      List<Message> part = messages.subList(from, to);
      Outcome outcome = objects.put(key(batch, part, day), compression.mediaType(), packed(part));
      switch (outcome) {
        case Outcome.Arrived _ -> from = to;
        case Outcome.Failed failed -> {
          return new Answer.Failed(failed.problem(), from, failed.retryAfter());
        }
        case Outcome.Refused refused -> {
          return new Answer.Refused(refused.problem());
        }
      }
    }
    return new Answer.Taken();
  }

  private static LocalDate day(Message message) {
    return message.recordedAt().atOffset(ZoneOffset.UTC).toLocalDate();
  }

  private String key(Batch batch, List<Message> part, LocalDate day) {
    return "%stenant=%s/date=%s/%s-%012d-%d-%d.ndjson%s"
        .formatted(
            prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/",
            batch.tenant().value(),
            day,
            batch.stream(),
            batch.number(),
            part.getFirst().seq(),
            part.getLast().seq(),
            compression.suffix());
  }

  private byte[] packed(List<Message> part) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (Message message : part) {
      lines.writeBytes(message.body());
      lines.write('\n');
    }
    return switch (compression) {
      case NONE -> lines.toByteArray();
      case GZIP -> gzip(lines.toByteArray());
      case ZSTD -> Zstd.compress(lines.toByteArray(), ZSTD_LEVEL);
    };
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  @Override
  public Answer probe() throws InterruptedException {
    String text =
        "{\"type\":\"test\",\"stream\":\"%s\",\"at\":\"%s\"}%n".formatted(stream, clock.instant());
    Outcome outcome =
        objects.put(
            (prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/")
                + stream
                + "-test.json",
            "application/json",
            text.getBytes(StandardCharsets.UTF_8));
    return switch (outcome) {
      case Outcome.Arrived _ -> new Answer.Taken();
      case Outcome.Failed failed -> new Answer.Failed(failed.problem(), 0, failed.retryAfter());
      case Outcome.Refused refused -> new Answer.Refused(refused.problem());
    };
  }

  @Override
  public void close() {
    objects.close();
  }
}
