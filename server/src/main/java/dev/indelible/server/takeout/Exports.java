package dev.indelible.server.takeout;

import dev.indelible.server.profile.Profile;
import dev.indelible.server.profile.Profile.ExportFormat;
import dev.indelible.server.trail.AccessTrail;
import dev.indelible.server.trail.Look;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Rules that hold whenever entries leave a log: the reason, the format, and that it is recorded.
 */
public record Exports(AccessTrail trail) {

  /**
   * Entries that are taken away.
   *
   * @param filter the query that they answer
   * @param results how many they are
   * @param reason why they are taken, or null when nobody has to say
   */
  public record ExportedEntries(String filter, long results, @Nullable String reason) {}

  /**
   * Records in the log that entries of it are taken away, before they are.
   *
   * @throws dev.indelible.ports.journal.JournalUnavailableException when it has to be recorded and
   *     cannot be now
   */
  public void exported(Taker taker, ExportedEntries taken) {
    record(taker, Look.Kind.EXPORTED, taken);
  }

  /**
   * Records in the log that somebody was told what it holds about a person; as {@link #exported}.
   */
  public void subjectReported(Taker taker, ExportedEntries taken) {
    record(taker, Look.Kind.SUBJECT_REPORTED, taken);
  }

  private void record(Taker taker, Look.Kind kind, ExportedEntries taken) {
    trail.record(
        taker.caller(),
        taker.tenant(),
        new Look(kind, taken.filter(), null, taken.results(), taken.reason(), taker.origin()));
  }

  /**
   * The reason, or null when there is none.
   *
   * @throws TakeoutException when the profile requires one
   */
  public static @Nullable String reason(Profile profile, String given) {
    String reason = given.strip();
    if (reason.isEmpty() && profile.reasonForExports()) {
      throw new TakeoutException(
          TakeoutException.Reason.REASON_REQUIRED,
          "The profile %s requires a reason for exports; say why: the parameter reason, --reason in a command."
              .formatted(profile.name()));
    }
    return reason.isEmpty() ? null : reason;
  }

  /** The formats that a profile offers entries in, as requests name them. */
  public static List<String> formats(Profile profile) {
    return profile.exportFormats().stream()
        .filter(format -> format != ExportFormat.PDF)
        .map(format -> format.name().toLowerCase(Locale.ROOT))
        .toList();
  }

  /**
   * The format of a name.
   *
   * @throws TakeoutException when the profile does not offer it
   */
  public static ExportFormat format(Profile profile, String name) {
    List<String> offered = formats(profile);
    if (!offered.contains(name)) {
      throw new TakeoutException(
          TakeoutException.Reason.FORMAT_NOT_OFFERED,
          "The profile %s offers exports as %s."
              .formatted(profile.name(), String.join(", ", offered)));
    }
    return ExportFormat.valueOf(name.toUpperCase(Locale.ROOT));
  }
}
