package dev.indelible.server.api.governance;

import dev.indelible.server.control.ErasureRule;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fields of requests that make a tenant or change its settings. */
final class RecordingFields {

  private RecordingFields() {}

  /** Reads the rule of who has to agree to erasures; {@code old} as far as it says nothing. */
  static ErasureRule erasureRule(JsonFields fields, ErasureRule old) {
    Boolean takesTwo = fields.flag("erasures_take_two");
    Integer days = old.waitDays();
    if (fields.has("erasure_wait_days")) {
      Long asked = fields.number("erasure_wait_days", Field.OPTIONAL);
      if (asked != null
          && (asked < ErasureRule.MIN_WAIT_DAYS || asked > ErasureRule.MAX_WAIT_DAYS)) {
        fields.fault(
            "erasure_wait_days",
            "out_of_range",
            "This must be from %d to %d days."
                .formatted(ErasureRule.MIN_WAIT_DAYS, ErasureRule.MAX_WAIT_DAYS));
        return old;
      }
      days = asked == null ? null : asked.intValue();
    }
    return new ErasureRule(takesTwo == null ? old.takesTwo() : takesTwo, days);
  }

  /**
   * Reads what becomes of events without a required reason; {@code old} when it says nothing, and
   * null (as the profile says) when it says null.
   */
  static @Nullable Boolean refuseMissingReasons(JsonFields fields, @Nullable Boolean old) {
    if (!fields.has("missing_reasons")) {
      return old;
    }
    String asked = fields.choice("missing_reasons", List.of("accept_and_flag", "reject"), "");
    return asked.isEmpty() ? null : asked.equals("reject");
  }
}
