package dev.indelible.verify.access;

import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.Parsed;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.audit.AuditReport;
import dev.indelible.verify.audit.EntrySink;
import dev.indelible.verify.audit.ExportVerifier;
import dev.indelible.verify.audit.Finding;
import dev.indelible.verify.audit.Findings;
import dev.indelible.verify.audit.Json.MalformedJsonException;
import dev.indelible.verify.audit.Ranges;
import dev.indelible.verify.audit.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes a review of access again from an export of the whole log, and compares: nobody and nothing
 * may be missing, added or changed. The export is checked as {@link ExportVerifier} does, so that
 * what is compared with is what the log signed.
 *
 * <p>What people are called is compared where the export has it. The rules are those of the review:
 * a reader compares them with the profile's ({@link #rules}).
 */
public final class AccessReviewVerifier {

  private static final String PURGE = "audit.entries.purge";

  private final Map<String, Object> stated;
  private final AccessReview.Basis basis;
  private final Checkpoint checkpoint;

  private AccessReviewVerifier(Map<String, Object> stated, AccessReview.Basis basis)
      throws IOException {
    this.stated = stated;
    this.basis = basis;
    if (SignedCheckpoint.parse(basis.checkpoint().getBytes(StandardCharsets.UTF_8))
        instanceof Parsed.Ok<SignedCheckpoint> ok) {
      this.checkpoint = ok.value().checkpoint();
    } else {
      throw new AccessReviewFormatException("the review's checkpoint is none");
    }
    if (checkpoint.size() != basis.size()) {
      throw new AccessReviewFormatException("the review's size is not that of its checkpoint");
    }
  }

  /**
   * A verifier of a review.
   *
   * @throws AccessReviewFormatException when the bytes are none, or are of a part of a log that
   *     only the server can find
   */
  public static AccessReviewVerifier of(byte[] review) throws IOException {
    AccessReviewVerifier verifier = ofPack(review);
    if (verifier.basis.filtered()) {
      throw new AccessReviewFormatException(
          "the review is of what a filter finds: an export cannot tell what that is");
    }
    return verifier;
  }

  /** A verifier of a review in a pack, whose entries are those that it was made from. */
  static AccessReviewVerifier ofPack(byte[] review) throws IOException {
    try {
      Map<String, Object> json = new JsonTree().object(review, review.length);
      if (!AccessReview.FORMAT.equals(json.get("format"))) {
        throw new AccessReviewFormatException("this is no review of access");
      }
      if (JsonTree.integer(json.get("version"), -1) != AccessReview.VERSION) {
        throw new AccessReviewFormatException(
            "version " + json.get("version") + " of a review is not known here");
      }
      return new AccessReviewVerifier(json, basis(json));
    } catch (MalformedJsonException | IllegalArgumentException e) {
      throw new AccessReviewFormatException("this is no review of access: " + e.getMessage(), e);
    }
  }

  /** Whether a file begins as a review does. */
  public static boolean looksLikeOne(byte[] beginning) {
    return new String(beginning, StandardCharsets.UTF_8)
        .contains("\"format\":\"" + AccessReview.FORMAT + "\"");
  }

  private static AccessReview.Basis basis(Map<String, Object> json) {
    long asOf = EntryFacts.millis(json.get("as_of"));
    if (asOf < 0) {
      throw new IllegalArgumentException("it has no date");
    }
    List<String> accounts = null;
    if (json.containsKey("accounts")) {
      accounts = new ArrayList<>();
      for (Object account : JsonTree.list(json.get("accounts"))) {
        accounts.add(String.valueOf(account));
      }
    }
    long since = EntryFacts.millis(json.get("since"));
    return new AccessReview.Basis(
        String.valueOf(json.get("tenant")),
        String.valueOf(json.get("checkpoint")),
        JsonTree.integer(json.get("size"), -1),
        asOf,
        since < 0 ? null : since,
        accounts,
        json.containsKey("filter"),
        AccessRules.of(JsonTree.list(JsonTree.map(json.get("rules")).get("list"))));
  }

  AccessReview.Basis basis() {
    return basis;
  }

  Checkpoint checkpoint() {
    return checkpoint;
  }

  /**
   * Compares the review with one that was made again.
   *
   * @param isWhole whether that one was made from all entries of the log; else how far back they
   *     reach is not compared
   */
  void compare(AccessReview again, boolean isWhole, Consumer<Finding> findings) {
    try {
      byte[] json = again.toJson();
      new Comparison(findings, isWhole).compare(stated, new JsonTree().object(json, json.length));
    } catch (MalformedJsonException e) {
      throw new IllegalStateException("what was written cannot be read", e);
    }
  }

  /** The rules that the review says it was made by. */
  public AccessRules rules() {
    return basis.rules();
  }

  /**
   * Checks the review against an export.
   *
   * @param progress is told of the number of entries now and then
   * @throws IOException when the export is none, or too old, or misses what was purged since
   */
  public AuditReport verify(InputStream export, Trust trust, LongConsumer progress)
      throws IOException {
    Sink sink = new Sink(basis);
    AuditReport log = ExportVerifier.verify(export, trust, checkpoint, sink, progress);
    Findings findings = new Findings();
    log.findings().forEach(findings);
    if (!log.broken() && !sink.open.isEmpty()) {
      throw new AccessReviewFormatException(
          "entries that the review was made from were purged since: this needs an export of before");
    }
    compare(sink.fold.review(), true, findings);
    return findings.report(log.checkpoint(), log.entries());
  }

  /** The entries up to the review's position; of those behind it, which purged any of them. */
  private static final class Sink implements EntrySink {
    private final JsonTree tree = new JsonTree();
    private final ReviewFold fold;
    private final long size;
    private final Ranges open = new Ranges();

    Sink(AccessReview.Basis basis) {
      this.fold = new ReviewFold(basis);
      this.size = basis.size();
    }

    @Override
    public void entry(
        long seq, long recordedAtMillis, byte[] facts, int length, byte @Nullable [] personal)
        throws MalformedJsonException {
      if (seq >= size) {
        return;
      }
      if (EntryFacts.action(facts, length).equals(PURGE)) {
        EntryFacts entry = EntryFacts.read(tree, facts, length, null, recordedAtMillis);
        for (Object element : JsonTree.list(entry.details().get("ranges"))) {
          List<Object> range = JsonTree.list(element);
          if (range.size() == 2) {
            long first = JsonTree.integer(range.get(0), 0);
            open.remove(first, JsonTree.integer(range.get(1), first));
          }
        }
      }
      fold.entry(seq, recordedAtMillis, facts, length, personal);
    }

    @Override
    public void purged(long seq) {
      if (seq < size) {
        open.add(seq, seq + 1);
        fold.purged(seq);
      }
    }
  }
}
