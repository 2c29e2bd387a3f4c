package dev.indelible.server.proof;

import dev.indelible.ports.journal.Journal;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.KeyedJournal;
import dev.indelible.verify.Hash;
import java.io.IOException;

/** Reads back what was published of every log: for a check that is made without a server. */
public final class PublishedHeads {

  private PublishedHeads() {}

  /** Takes heads in the order in which they were published. */
  @FunctionalInterface
  public interface Consumer {
    /** The tenant's log was published with that root at that size. */
    void accept(TenantId tenant, long size, Hash root);
  }

  /**
   * Reads the heads journal to its end.
   *
   * @throws IllegalStateException when a batch is of another version, or none
   */
  public static void read(Journal journal, Consumer consumer)
      throws IOException, InterruptedException {
    KeyedJournal.read(
        journal,
        payload -> {
          for (HeadCodec.Entry entry : HeadCodec.decode(payload)) {
            if (entry instanceof HeadCodec.Entry.Published(TenantId tenant, Head head)) {
              consumer.accept(tenant, head.size(), head.root());
            }
          }
        });
  }
}
