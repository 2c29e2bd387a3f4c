package dev.indelible.server.follow;

import dev.indelible.ports.testing.InMemoryBlobStore;
import dev.indelible.ports.testing.InMemoryJournal;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.log.EventLogBuilder;
import dev.indelible.server.log.LogConfig;
import dev.indelible.server.log.NewEntry;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.testing.Eventually;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/** Logs in memory that are followed. An entry's facts are its text. */
final class FollowedLogs implements AutoCloseable {

  static final TenantId ACME = new TenantId("acme");
  static final TenantId BOLT = new TenantId("bolt");

  private final InMemoryJournal journal = new InMemoryJournal(InstantSource.system());
  final AtomicInteger decoded = new AtomicInteger();
  final EventLog log;
  final EntryFeed feed;
  private int ids;

  FollowedLogs() throws Exception {
    log =
        new EventLogBuilder(
                journal,
                new InMemoryBlobStore(),
                new LogConfig(4L << 20, Duration.ofHours(1), 64L << 20, 3, 1L << 30, 1L << 20),
                InstantSource.system(),
                1,
                _ -> Optional.empty(),
                (_, _) -> false)
            .open((_, _) -> OptionalLong.empty(), List.of());
    log.start();
    feed =
        new EntryFeed(
            log,
            new FollowedEntry.Reader() {
              @Override
              public Optional<Entry> read(StoredEntry stored) {
                decoded.incrementAndGet();
                return Optional.empty();
              }

              @Override
              public Optional<Entry> readFacts(StoredEntry stored) {
                return Optional.empty();
              }
            });
  }

  /** Records one entry for each text. */
  void record(TenantId tenant, String... texts) throws Exception {
    List<NewEntry> entries = new ArrayList<>();
    for (String text : texts) {
      entries.add(
          new NewEntry(
              tenant,
              "e" + ids++,
              false,
              EntryParts.ofFacts(
                  text.getBytes(StandardCharsets.UTF_8), new byte[EntryParts.SALT_BYTES])));
    }
    Eventually.done("recorded", log.append(entries));
  }

  static String text(FollowedEntry entry) {
    return entry.stored().body() instanceof StoredEntry.Whole(EntryParts parts)
        ? new String(parts.facts(), StandardCharsets.UTF_8)
        : "gone";
  }

  static List<String> texts(List<FollowedEntry> entries) {
    return entries.stream().map(FollowedLogs::text).toList();
  }

  @Override
  public void close() {
    log.close();
    journal.close();
  }
}
