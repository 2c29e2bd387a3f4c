package dev.indelible.verify.access;

import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.Sha256;
import dev.indelible.verify.audit.EntrySink;
import dev.indelible.verify.audit.Finding;
import dev.indelible.verify.audit.Json.MalformedJsonException;
import dev.indelible.verify.audit.PackReadings;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Access reviews of an evidence pack, made again from the pack's own entries: nobody and nothing
 * may be missing, added or changed, neither in the JSON nor in the table. Used for one pack.
 */
public final class PackReviews implements PackReadings {

  /** Folder of reviews in a pack. */
  public static final String FOLDER = "access/";

  private static final String JSON = ".json";
  private static final String CSV = ".csv";

  private @Nullable AccessReviewVerifier review;
  private @Nullable Sink sink;
  private String path = "";
  private String tablePath = "";
  private byte[] table = {};

  /** The rules of the pack's review; empty when it has none. */
  public Optional<AccessRules> rules() {
    return Optional.ofNullable(review).map(AccessReviewVerifier::rules);
  }

  @Override
  public boolean reads(String file) {
    return file.startsWith(FOLDER) && (file.endsWith(JSON) || file.endsWith(CSV));
  }

  @Override
  public void file(String file, byte[] content) throws IOException {
    if (file.endsWith(CSV)) {
      tablePath = file;
      table = Sha256.create().digest(content);
      return;
    }
    if (review != null) {
      throw new AccessReviewFormatException("a pack has one review of access, and this is another");
    }
    path = file;
    AccessReviewVerifier read = AccessReviewVerifier.ofPack(content);
    review = read;
    sink = new Sink(new ReviewFold(read.basis()));
  }

  @Override
  public @Nullable EntrySink sink() {
    return sink;
  }

  @Override
  public void compare(Checkpoint checkpoint, Consumer<Finding> findings) {
    AccessReviewVerifier stated = review;
    Sink entries = sink;
    if (stated == null || entries == null) {
      if (!tablePath.isEmpty()) {
        findings.accept(
            new Finding.Damaged(tablePath, "the review that it is the table of is not there"));
      }
      return;
    }
    if (!stated.checkpoint().equals(checkpoint)) {
      findings.accept(new Finding.Damaged(path, "it is of another position than the entries"));
      return;
    }
    boolean isWhole = entries.isWhole(checkpoint.size());
    AccessReview again = entries.fold.review();
    boolean[] holds = {true};
    stated.compare(
        again,
        isWhole,
        finding -> {
          holds[0] &= !finding.breaks();
          findings.accept(finding);
        });
    if (!tablePath.equals(path.substring(0, path.length() - JSON.length()) + CSV)
        || !Arrays.equals(table, Sha256.create().digest(AccessReviewCsv.of(again)))) {
      holds[0] = false;
      findings.accept(
          new Finding.Damaged(
              tablePath.isEmpty() ? path : tablePath,
              "the table of who has access is not what the entries yield"));
    }
    if (holds[0]) {
      findings.accept(
          new Finding.ReviewMadeAgain(path, again.people().size(), again.grants(), isWhole));
    }
  }

  /** Gives the entries to the fold, and sees whether they are all of the log. */
  private static final class Sink implements EntrySink {
    private final ReviewFold fold;
    private long next;
    private boolean isWithoutGap = true;

    Sink(ReviewFold fold) {
      this.fold = fold;
    }

    @Override
    public void entry(
        long seq, long recordedAtMillis, byte[] facts, int length, byte @Nullable [] personal)
        throws MalformedJsonException {
      take(seq);
      fold.entry(seq, recordedAtMillis, facts, length, personal);
    }

    @Override
    public void purged(long seq) {
      take(seq);
      fold.purged(seq);
    }

    private void take(long seq) {
      isWithoutGap &= seq == next;
      next = seq + 1;
    }

    boolean isWhole(long size) {
      return isWithoutGap && next == size;
    }
  }
}
