package dev.indelible.verify.audit;

import dev.indelible.verify.Quorum;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * One thing that the check of a log came upon: something that does not hold, or something that the
 * reader has to know to judge the rest.
 *
 * <p>Ranges of sequence numbers are half-open: {@code end} is the first one that is not meant.
 */
public sealed interface Finding {

  /** Whether the log does not hold because of it. */
  default boolean breaks() {
    return true;
  }

  /** Describes the finding to a person. */
  String sentence();

  /** The name of its kind, for programs: {@code altered}, {@code rolled_back}. */
  default String code() {
    return getClass()
        .getSimpleName()
        .replaceAll("([a-z])([A-Z])", "$1_$2")
        .toLowerCase(Locale.ROOT);
  }

  /** An entry's part, time or leaf is not the one that was recorded. */
  record Altered(long seq, String what) implements Finding {
    @Override
    public String sentence() {
      String verb = what.equals("facts") ? " are" : " is";
      return "Entry " + seq + " was altered: its " + what + verb + " not what was recorded.";
    }
  }

  /** Entries are not there at all, and those after them are. */
  record Missing(long first, long end) implements Finding {
    @Override
    public String sentence() {
      return range(first, end) + " missing, and no log can lose an entry's leaf.";
    }
  }

  /** The content of entries is gone, and no later entry says that it was purged. */
  record MissingWithoutPurge(long first, long end) implements Finding {
    @Override
    public String sentence() {
      return range(first, end) + " missing without a purge entry.";
    }
  }

  /** The personal part of entries is gone, and no later entry says that it was erased. */
  record ErasedWithoutEntry(long first, long end) implements Finding {
    @Override
    public String sentence() {
      return range(first, end) + " without the personal part, and no entry says who erased it.";
    }
  }

  /** An entry is where another one should be. */
  record Reordered(long seq, long expected) implements Finding {
    @Override
    public String sentence() {
      return "Entry " + seq + " stands where " + expected + " should be.";
    }
  }

  /** The recorded times run backwards, which no server's do. */
  record TimeRunsBackwards(long seq) implements Finding {
    @Override
    public String sentence() {
      return "Entry " + seq + " was recorded before the entry in front of it.";
    }
  }

  /** The entries end before the size that the log signed. */
  record Truncated(long found, long size) implements Finding {
    @Override
    public String sentence() {
      return "The entries end at " + count(found) + ", the checkpoint says " + count(size) + ".";
    }
  }

  /** The log contains more entries than it signed. */
  record Surplus(long found, long size) implements Finding {
    @Override
    public String sentence() {
      return "There are "
          + count(found)
          + " entries, the checkpoint covers "
          + count(size)
          + " of them.";
    }
  }

  /** The log is shorter than a checkpoint that was signed before. */
  record RolledBack(long held, long shown) implements Finding {
    @Override
    public String sentence() {
      return "The log was rolled back: you hold size "
          + count(held)
          + ", it shows "
          + count(shown)
          + ".";
    }
  }

  /**
   * A file ends before the size of the checkpoint that the reader holds, as every file does that
   * was made before that checkpoint.
   */
  record CheckpointNotReached(long held, long shown) implements Finding {
    @Override
    public boolean breaks() {
      return false;
    }

    @Override
    public String sentence() {
      return "The file does not reach the checkpoint that you hold: it ends at size "
          + count(shown)
          + ", you hold "
          + count(held)
          + ". A file from before that checkpoint does; one that was made after it is of a log that"
          + " was rolled back. With --server the log itself is asked.";
    }
  }

  /** The log's own tree shows that it only grew from one size to another. */
  record Grew(long from, long to) implements Finding {
    @Override
    public boolean breaks() {
      return false;
    }

    @Override
    public String sentence() {
      return "The log only grew from size "
          + count(from)
          + " to "
          + count(to)
          + ": the server's tree shows it.";
    }
  }

  /** The log is not a continuation of what was signed before at this size. */
  record ForkedHistory(long size, long intact) implements Finding {
    @Override
    public String sentence() {
      return "The history was rewritten: the first "
          + count(size)
          + " entries are not those that the log signed before"
          + intactWords(intact);
    }
  }

  /** The entries do not lead to the root that they are shown with. */
  record RootMismatch(long size, long intact) implements Finding {
    @Override
    public String sentence() {
      return "The first "
          + count(size)
          + " entries do not lead to the root that the log signed: at least one was altered, added,"
          + " removed or moved"
          + intactWords(intact);
    }
  }

  /** An entry is not proven to be in the log. */
  record NotInTree(long seq, String detail) implements Finding {
    @Override
    public String sentence() {
      return "Entry " + seq + " is not proven to be in the log: " + detail + ".";
    }
  }

  /** A checkpoint is not signed by a key that is believed, or is another log's. */
  record SignatureBad(String which, String detail) implements Finding {
    @Override
    public String sentence() {
      return "The checkpoint " + which + " cannot be believed: " + detail + ".";
    }
  }

  /**
   * Fewer witnesses than the reader asks for cosigned what is shown, or others.
   *
   * @param by names of those that cosigned
   * @param quorum what the reader asks for
   */
  record QuorumMissed(List<String> by, Quorum quorum) implements Finding {

    public QuorumMissed {
      by = List.copyOf(by);
    }

    @Override
    public String sentence() {
      int of = quorum.witnesses().size();
      return "Cosigned by "
          + by.size()
          + " of "
          + of
          + " witnesses"
          + (by.size() < quorum.fewest()
              ? ", and " + quorum.fewest() + " are needed"
              : " (" + String.join(", ", by) + "), and needed are " + quorum.words())
          + ": what is shown may be shown to you alone.";
    }
  }

  /** The quorum of witnesses that the reader requires saw the log grow to the size shown. */
  record Cosigned(List<String> by, int of, Instant latest) implements Finding {

    public Cosigned {
      by = List.copyOf(by);
    }

    @Override
    public boolean breaks() {
      return false;
    }

    @Override
    public String sentence() {
      return by.isEmpty()
          ? "Cosigned by 0 of " + of + " witnesses."
          : "Cosigned by "
              + by.size()
              + " of "
              + of
              + " witnesses ("
              + String.join(", ", by)
              + "), last at "
              + latest
              + ".";
    }
  }

  /** The configuration of a directory is not the one under which its entries were recorded. */
  record ForeignControlLog(String evidence) implements Finding {
    @Override
    public String sentence() {
      return "The control log is another server's, or was rewritten: "
          + evidence
          + " was made by a change that is not in it.";
    }
  }

  /** The log contains entries of a tenant that the configuration does not know. */
  record UnknownTenant(String tenant) implements Finding {
    @Override
    public String sentence() {
      return "There are entries of " + tenant + ", and the control log does not know that tenant.";
    }
  }

  /** A part does not have the required form, so that the rest could not be read. */
  record Malformed(String where, String problem) implements Finding {
    @Override
    public String sentence() {
      return where + ": " + problem + ".";
    }
  }

  /** A file does not hold what was written to it. */
  record Damaged(String where, String problem) implements Finding {
    @Override
    public String sentence() {
      return "Damaged: " + where + ": " + problem;
    }
  }

  /** The content of entries was deleted, and the log says so. */
  record PurgedAt(long first, long end, long by) implements Finding {
    @Override
    public boolean breaks() {
      return false;
    }

    @Override
    public String sentence() {
      return range(first, end) + " purged at " + by + ".";
    }
  }

  /** The personal part of entries was deleted, and the log says so. */
  record ErasedAt(long first, long end, long by) implements Finding {
    @Override
    public boolean breaks() {
      return false;
    }

    @Override
    public String sentence() {
      return range(first, end) + " without the personal part: erased at " + by + ".";
    }
  }

  /** The seal of a certificate is not the log's, or not that of the certificate's bytes. */
  record SealBad(String detail) implements Finding {
    @Override
    public String sentence() {
      return "The certificate's seal cannot be believed: " + detail + ".";
    }
  }

  /** A certificate says something that the record in the log does not say. */
  record Contradicted(String what) implements Finding {
    @Override
    public String sentence() {
      return "The certificate contradicts the log's record: " + what + ".";
    }
  }

  /** The log recorded the deletion that a certificate speaks of. */
  record Certified(long entries, boolean whole, long by, long recordedAtMillis) implements Finding {
    @Override
    public boolean breaks() {
      return false;
    }

    @Override
    public String sentence() {
      return "%s of %s %s was deleted: entry %d of the log says so, recorded at %s."
          .formatted(
              whole ? "The content" : "The personal part",
              count(entries),
              entries == 1 ? "entry" : "entries",
              by,
              Instant.ofEpochMilli(recordedAtMillis));
    }
  }

  /** The receipt of a request for erasure says whom an entry of the log is about. */
  record Concerned(long seq, String erasure, List<String> identifiers) implements Finding {

    public Concerned {
      identifiers = List.copyOf(identifiers);
    }

    @Override
    public boolean breaks() {
      return false;
    }

    @Override
    public String sentence() {
      return "The request "
          + erasure
          + " was about "
          + String.join(", ", identifiers)
          + ": entry "
          + seq
          + " holds the commitment to that.";
    }
  }

  /** No entry holds the commitment of a receipt. */
  record RequestNotFound(String erasure) implements Finding {
    @Override
    public String sentence() {
      return "No entry says that the request "
          + erasure
          + " was about whom the receipt names: it was about somebody else, or is not in here.";
    }
  }

  /** The commitment of a receipt is not that of whom it names. */
  record ReceiptBad(String erasure) implements Finding {
    @Override
    public String sentence() {
      return "The receipt of "
          + erasure
          + " was changed: its commitment is not that of its identifiers and its salt.";
    }
  }

  /** Personal parts were left out of what was checked; the facts are whole. */
  record Withheld(long entries) implements Finding {
    @Override
    public boolean breaks() {
      return false;
    }

    @Override
    public String sentence() {
      return count(entries)
          + (entries == 1 ? " entry has" : " entries have")
          + " a personal part withheld.";
    }
  }

  /** Every file of an evidence pack is what its manifest says, and there is nothing else in it. */
  record PackIntact(int files, String sha256) implements Finding {
    @Override
    public boolean breaks() {
      return false;
    }

    @Override
    public String sentence() {
      return "All "
          + count(files)
          + " files are those of the manifest. The pack's SHA-256 is "
          + sha256
          + ": the log's entry audit.evidence_created of a pack that was not made anew by others"
          + " says the same.";
    }
  }

  /** The review of access in a pack is what the pack's entries yield. */
  record ReviewMadeAgain(String file, long people, long grants, boolean isWhole)
      implements Finding {
    @Override
    public boolean breaks() {
      return false;
    }

    @Override
    public String sentence() {
      return file
          + " was made again from the pack's entries: "
          + count(people)
          + (people == 1 ? " person" : " people")
          + " with "
          + count(grants)
          + (grants == 1 ? " grant, " : " grants, ")
          + (isWhole
              ? "and nobody is missing: the pack has every entry of the log."
              : "none of them missing. That the pack has every entry about access, an export of"
                  + " the whole log shows: verify it with --access-review and this file.");
    }
  }

  /** A review of access lacks somebody, or something that somebody has. */
  record LeftOut(String who, String what) implements Finding {
    @Override
    public String sentence() {
      return "The review leaves out " + what + " of " + who + ", which the log shows.";
    }
  }

  /** A review of access names somebody, or something, that the log does not show. */
  record MadeUp(String who, String what) implements Finding {
    @Override
    public String sentence() {
      return "The review names " + what + " of " + who + ", which the log does not show.";
    }
  }

  /** A review of access says something otherwise than the log does. */
  record SaidOtherwise(String where, String inReview, String inLog) implements Finding {
    @Override
    public String sentence() {
      return "The review says of " + where + " " + inReview + "; the log says " + inLog + ".";
    }
  }

  /** A property could not be shown, because the reader brought nothing to show it with. */
  record NotShown(String what) implements Finding {
    @Override
    public boolean breaks() {
      return false;
    }

    @Override
    public String sentence() {
      return what;
    }
  }

  /**
   * Formats a count for people; a number of an entry is written as everywhere else, without commas.
   */
  private static String count(long entries) {
    return String.format(Locale.ROOT, "%,d", entries);
  }

  private static String range(long first, long end) {
    return end == first + 1
        ? "Entry " + first + " is"
        : "Entries " + first + " to " + (end - 1) + " are";
  }

  private static String intactWords(long intact) {
    return intact == 0 ? "." : "; the first " + count(intact) + " of them are intact.";
  }
}
