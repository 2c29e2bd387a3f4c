package dev.indelible.server.export;

import dev.indelible.server.control.TenantQuota;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Room for a tenant's exports. Those of schedules have their own, so that none of them keeps a
 * person from exporting.
 */
final class ExportRoom {

  private ExportRoom() {}

  /**
   * Makes room for one more job by forgetting old ones without files; of schedules, those too whose
   * file has left, oldest first.
   *
   * @return why there is none; empty when there is
   */
  static Optional<String> make(ExportStore store, ExportJob more) throws IOException {
    boolean isScheduled = more.order().schedule() != null;
    TenantQuota quota = isScheduled ? TenantQuota.SCHEDULED_EXPORTS : TenantQuota.EXPORTS;
    List<ExportJob> own =
        store.of(more.tenant()).stream()
            .filter(job -> (job.order().schedule() != null) == isScheduled)
            .toList();
    long underWay = own.stream().filter(job -> job.state().isUnderWay()).count();
    if (underWay >= TenantQuota.EXPORTS_UNDER_WAY.most()) {
      return Optional.of(
          "There are %d exports under way, the most at once; wait for one, or cancel one."
              .formatted(underWay));
    }
    int left = own.size();
    for (ExportJob job : own.reversed()) {
      if (left < quota.most()) {
        return Optional.empty();
      }
      if (isOver(job, isScheduled)) {
        store.remove(job.tenant(), job.id());
        left--;
      }
    }
    return left < quota.most()
        ? Optional.empty()
        : Optional.of(
            "There are %d exports, the most that are kept; delete some.".formatted(quota.most()));
  }

  private static boolean isOver(ExportJob job, boolean isScheduled) {
    return switch (job.state()) {
      case WAITING, RUNNING -> false;
      case DONE -> isScheduled && job.times().left() != null;
      case FAILED, CANCELED, EXPIRED, WITHDRAWN -> true;
    };
  }
}
