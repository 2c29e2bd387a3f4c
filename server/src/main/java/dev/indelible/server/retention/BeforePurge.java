package dev.indelible.server.retention;

import dev.indelible.server.event.TenantId;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Recorder of what the entries that a purge is about to delete have left behind. */
@FunctionalInterface
public interface BeforePurge {

  /** Recorder of nothing. */
  BeforePurge NOTHING = (_, _, _) -> null;

  /**
   * Records it, durably; may be asked again for a purge that was not begun.
   *
   * @param tenant whose log
   * @param entries what is about to be deleted
   * @param recordId the id of the entry that will say so
   * @return how many entries say what is left of them, or null when nobody looked
   */
  @Nullable Integer carryOver(TenantId tenant, SeqRanges entries, String recordId)
      throws IOException, InterruptedException;
}
