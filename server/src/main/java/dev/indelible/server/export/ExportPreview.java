package dev.indelible.server.export;

import dev.indelible.server.search.Found;
import java.util.List;

/**
 * Expectation of an export that was not begun.
 *
 * @param job as it would be
 * @param sample a few of its entries, the newest first
 */
public record ExportPreview(ExportJob job, List<Found> sample) {
  public ExportPreview {
    sample = List.copyOf(sample);
  }
}
